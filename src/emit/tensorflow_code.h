// Graph of raw ops → the low-level TensorFlow code that a textbook would have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

struct TensorFlowSource {
  const Graph& ops;
  /// By node of `ops`: nodes of the same number are written together.
  const std::vector<NodeId>& blocks;
  /// The layers that the ops were made of, or null.
  const Graph* layers = nullptr;
  /// `ops` tells both modes (lower::Purpose::training): `__call__` takes `training`, and there is a train_step(x, y) where
  /// optimizer and losses are known.
  bool training = false;
};

/// Are optimizer and losses known, so that there can be a train_step?
bool has_training_step(const Graph& layers);

/// Blocks of a graph that no layers tell: nodes of one name scope.
std::vector<NodeId> scopes(const Graph& graph);

struct TensorFlowCode {
  std::string code;
  std::vector<std::pair<std::string, Tensor>> weights;  ///< that load() wants, by the names of the variables
};

/// A module with a tf.Module, build_model() and load(path=None), which takes the weights from an .npz beside it; run, it lists
/// the variables. `about` is its first line. Throws Status::unsupported with what TensorFlow's Python cannot say.
TensorFlowCode tensorflow_code(const TensorFlowSource& source, const Registry& registry, const std::string& about);

}  // namespace keraft::emit
