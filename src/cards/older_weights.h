// How Keras 1, and CuDNN's layers in Keras 2, laid out weights. Source: preprocess_weights_for_loading() of Keras 2.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Kernels of `axes` axes of space, the first `count` weights: (out, in, …) where Keras 1 has channels first; turned around
/// where the backend did that.
LayerCard::OlderWeights older_kernels(size_t axes, size_t count = 1);

/// Conv1D of Keras 1: a kernel of two axes, (steps, 1, in, out), in Keras 1.0 (out, in, steps, 1).
void older_kernel_of_steps(Dict& config, std::vector<Tensor>& stored, OlderFile file);

/// Keras 1 has three arrays for each gate; `order` says which of them come first today. Kernels of ConvLSTM2D have `axes` axes
/// of space.
LayerCard::OlderWeights older_gates(std::vector<size_t> order, size_t axes = 0);

/// The same for LSTM and GRU, and for the weights that CuDNN's layers have.
LayerCard::OlderWeights older_recurrent(std::vector<size_t> order);

}  // namespace keraft::cards
