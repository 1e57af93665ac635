// What a file of weights holds, and what it tells about each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/tensor.hpp"

namespace keraft::transfer {

/// Components of a name; the last is the leaf: the weight's own name in its layer, "" where only its place among the layer's
/// weights is told.
using Path = std::vector<std::string>;

struct Stored {
  std::string key;          ///< as in the file, for people
  std::vector<Path> paths;  ///< names it goes by; none: the file has no names
  std::string layer;        ///< equal for the weights of one layer; empty: the source tells no layers
  Tensor value;
};

struct Source {
  std::string path, kind, producer;
  std::vector<Stored> weights;
  /// Indexes of weights as Keras lists a model's layers, and in each layer its weights: models inside in place of their calls
  /// (`nested`), or as if the layers of all models were one model's (`flat`). Empty: the order is not known.
  std::vector<size_t> nested, flat;
  int64_t state = 0;  ///< variables of optimizers and metrics and counters, which are not listed
  std::vector<std::pair<std::string, std::string>> notes;  ///< what the reader took for granted: where, what
  std::vector<std::string> set_aside;                      ///< keys of weights that the caller's prefix excludes
};

}  // namespace keraft::transfer
