// What the convolution layers share; those over one axis run as convolutions of images of height 1.
#pragma once

#include "cards/unit_axis.h"

namespace keraft::cards {

/// The config fields behind those that are the layer's own: strides, padding, dilations, layout, activation and bias.
void conv_fields(LayerCard& card, int axes);
/// Strides, padding, dilations and layout as attributes of a form.
std::string conv_attributes();
/// The spellings of a layer whose last statement before the bias makes "c". `body` reads "{x}", and `before`, where it is not
/// empty, makes "x0" of x for it.
void reads_conv(LayerCard& card, int axes, const std::string& body, const LayerCard::Guard& guard = {},
                const std::string& before = {});

/// The weight as the op over two or three axes wants it.
Edge conv_weight(LowerContext& c, int axes, std::string_view slot);
/// Adds unit axes around `op`, and the bias where there is one.
Edge lower_conv(LowerContext& c, int axes, Edge x, const std::function<Edge(Edge)>& op);

/// Input channels over the kernel's, of a kernel whose axis `depth` is a group's input channels.
bool conv_groups(Match& m, size_t depth);

/// Conv1DTranspose, Conv2DTranspose, Conv3DTranspose.
void transposed_conv_layer(LayerCard& card, int axes, const std::string& op);

}  // namespace keraft::cards
