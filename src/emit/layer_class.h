// Python source of generated layer classes.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// What the `call` of a generated layer does, in Python.
struct CallBody {
  std::vector<std::string> inputs;
  std::vector<std::string> lines;    ///< "h1 = ops.exp(x)"
  std::vector<std::string> results;  ///< expressions
};

/// "MultiplySigmoid" for these functions, unlike any layer of Keras and any name in `taken`, to which it is added.
std::string class_name(const std::vector<std::string>& functions, const Registry& registry, std::set<std::string>& taken);

/// The call of a "keras.ops/…" node; `name` gives the expression of a tensor.
std::string python_call(const Node& node, const std::function<std::string(Edge)>& name);

/// The class: registered under the package "keraft", serialisable, weights in slot order. Without the imports
/// (cards::generated_module_head).
std::string layer_class(const Layer& layer, const CallBody& body);

/// The class of an op that nobody knows: its `call` raises NotImplementedError.
std::string stub_class(const Layer& layer, const std::string& op);

}  // namespace keraft::emit
