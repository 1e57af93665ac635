// Generated custom layers: what they compute stands in their config, as a form ("form": "h = Mul(x, @w)   y = Sigmoid(h)"), so
// that a written file runs without its Python.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cards/layer_card.h"

namespace keraft::cards {

/// The card of a generated layer, from its config; nothing when there is no form in it. Throws Status::format when the form and
/// the number of weights disagree.
std::optional<LayerCard> generated_card(const Layer& layer);

/// The names of the form that the layer gives, in order; empty: the last one alone.
std::vector<std::string> generated_results(const Layer& layer);

/// Weights of a generated layer that are never trained. Keras keeps them behind the others.
std::vector<std::string> generated_constants(const Layer& layer);

/// What stands above the classes in a module of generated layers.
std::string generated_module_head();

}  // namespace keraft::cards
