// FunctionDefs as bytes. libprotobuf stays behind this header.
#pragma once

#include <string>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats::wire {

/// A function but for its nodes.
struct FunctionHead {
  struct Arg {
    std::string name;
    TensorType type;
  };
  struct Result {
    std::string name;
    TensorType type;
    std::string from;  ///< "arg", "node:output:0"
  };
  std::string name;
  std::vector<Arg> args;
  std::vector<Result> results;
  std::vector<std::string> effects;  ///< nodes that run though no result needs them
};

/// The fields of a FunctionDef.
std::string print_function_head(const FunctionHead& function);

}  // namespace keraft::formats::wire
