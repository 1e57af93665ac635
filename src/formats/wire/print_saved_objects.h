// The objects of a SavedModel, by which TensorFlow 2 loads it.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats::wire {

/// A value of Python's.
struct Structured {
  enum class Kind { none, flag, text, tensor, tuple, list, dict, named_tuple };
  Kind kind = Kind::none;
  bool flag = false;
  std::string text;  ///< the text, or the name of a tensor or named tuple
  TensorType type = {};
  std::vector<Structured> items = {};
  std::vector<std::string> keys = {};  ///< of the items of a dict or named tuple
};

struct SavedNode {
  struct Variable {
    std::string name;
    TensorType type;
    bool trainable;
  };
  struct Function {
    std::vector<std::string> concrete;  ///< the first that fits a call is called
    Structured arguments;               ///< inspect.FullArgSpec of the Python function that it stands for
  };
  struct Signature {
    std::string concrete;
    std::vector<std::string> keywords;  ///< of its inputs
  };
  std::vector<std::pair<std::string, int>> children;
  std::variant<std::string, Variable, Function, Signature> kind;  ///< std::string: an object of this identifier
};

/// A function of the graph's library as an object may call it.
struct ConcreteFunction {
  std::string name;
  std::vector<int> bound;      ///< objects that its last arguments are
  Structured inputs, outputs;  ///< inputs: (args, kwargs)
};

/// The field of a MetaGraphDef. The first node is what is loaded.
std::string print_saved_objects(const std::vector<SavedNode>& nodes, const std::vector<ConcreteFunction>& functions);

}  // namespace keraft::formats::wire
