// Weights of one file in the model of another.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/convert.hpp"

namespace keraft {

/// What decides which weight belongs where.
enum class MatchBy : int32_t {
  evidence = 0,  ///< the order of the layers, then names; where they contradict each other, the transfer is refused
  order = 1,     ///< the order of the layers alone
  names = 2,     ///< names alone
};

/// How the source lays out kernels of dense and convolution layers.
enum class KernelLayout : int32_t {
  keras = 0,         ///< as Keras has them: inputs, then outputs, last (HWIO)
  output_first = 1,  ///< outputs, then inputs, first (OIHW), as PyTorch has them
};

struct TransferOptions {
  bool partial = false;  ///< weights that nothing fits keep the model's values
  std::string prefix;    ///< only what has a name below it is taken, by the rest of that name
  std::vector<std::pair<std::string, std::string>> renames;  ///< components of the source's names, and what replaces them
  MatchBy by = MatchBy::evidence;
  KernelLayout layout = KernelLayout::keras;
};

/// The Keras model of the file `model`, with the values of the file `weights`: a checkpoint, a SavedModel or another graph, a
/// Keras model, weights of any Keras in HDF5, or arrays in an .npz. Each weight's report says where its values come from and
/// what tells so. Throws Status::format for what fits in several ways (the message names them), ::mismatch for weights of the
/// model that nothing fits (all named, with what has other sizes), ::unsupported, ::argument for a prefix or a rule that no
/// name has use for. `load` is for `weights`; its registry is for both.
Conversion transfer_weights(const std::string& weights, const std::string& model, const TransferOptions& options = {},
                            const LoadOptions& load = {}, const Control& control = {});

}  // namespace keraft
