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
  struct Spec {
    std::string name;
    TensorType type;
  };
  struct Items {
    bool tuple;  ///< else a list
    std::vector<Structured> items;
  };
  struct Fields {
    std::string name;  ///< of a named tuple; empty: a dict
    std::vector<std::pair<std::string, Structured>> fields;
  };
  std::variant<std::monostate, bool, std::string, Spec, Items, Fields> value;  ///< std::monostate: None
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
