// One raw op → one expression of TensorFlow's Python.
//
// The text of OpCard::tensorflow:
//   text  = function "(" args ")" | expression           arguments by name that have the op's default are left out
//   "{" name [ ":" codec ] [ "|" default ] "}"           an input, by number or name, or an attribute; a list of inputs is a
//                                                        list, "*name" its parts; an argument that is the default is left out
//   codecs: only ([3] as 3); window ([1, 2, 2, 1] as 2, [1, 2, 3, 1] as [2, 3]); spatial (both as lists)
// An op without a text is called by its own name in tf.raw_ops.
#pragma once

#include <string>
#include <vector>

#include "cards/op_card.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// An expression.
struct Term {
  /// How tightly its operators bind.
  enum Level { comparison, sum, product, sign, power, atom };
  std::string text;
  Level level = atom;
  bool literal = false;  ///< numbers of Python's own, which stand for a tensor of `dtype`
  DType dtype = DType::invalid;
};

/// A constant of the graph, in few characters; nothing when it is too large, or of a type that Python cannot write.
std::optional<Term> literal(const Tensor& tensor);

/// How a node is said: the text of its card, or nothing for tf.raw_ops.
struct Wording {
  std::string text;
  bool raw = false;
  bool several = false;  ///< what it gives holds one or more results in a row
  bool repeats(const OpCard& card, size_t input) const;
};
/// `first_alone`: nobody reads results beyond the first. Throws Status::unsupported for what Python cannot say.
Wording wording(const Graph& graph, const Node& node, const Registry& registry, bool first_alone);

/// `inputs`: one for each of the node's.
Term said(const Node& node, const Registry& registry, const Wording& wording, const std::vector<Term>& inputs);

}  // namespace keraft::emit
