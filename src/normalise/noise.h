// What training adds to a tensor, and inference does not.
#pragma once

#include <optional>
#include <string>

#include "keraft/graph.hpp"

namespace keraft::normalise {

struct Noise {
  Edge x;
  std::string op;      ///< keraft's mark: "ir/Dropout"
  Dict attrs;          ///< of the mark
  bool known = false;  ///< the numbers are there, and do something
  bool fed = false;    ///< the share comes from outside
  Noise on(Edge other) const {
    Noise out = *this;
    out.x = other;
    return out;
  }
};

/// Dropout, with one mask for several places or not, and the noises of Keras, whose result the node is.
std::optional<Noise> noise(const Graph& graph, const Node& node);

}  // namespace keraft::normalise
