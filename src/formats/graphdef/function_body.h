// The nodes of a graph as a function of its inputs and variables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/graphdef/raw_nodes.h"
#include "formats/wire/print_function.h"

namespace keraft::formats {

struct FunctionBody {
  wire::FunctionHead head;  ///< arguments: the graph's inputs, then variables
  std::vector<wire::RawNode> nodes;
  std::vector<std::string> weights;  ///< of the arguments that are variables: names of the graph's weights
};

/// A function that gives the first `results` outputs; each output behind them is what the function writes into the variable
/// of the weight that the output is named after. Nothing where TensorFlow's registry does not tell how an op's outputs are
/// called, as functions name them. The result's tensors are `raw`'s. Throws Status::internal where there is no such variable.
std::optional<FunctionBody> function_body(const std::string& name, const RawNodes& raw, size_t results);

/// A function with the same variables that calls another; its inputs and results are the other's in another order, under names
/// of their own.
struct FunctionCaller {
  std::vector<size_t> inputs, results;  ///< for each own one its place in the callee
  std::vector<std::string> input_names, result_names;
};
FunctionBody function_caller(const std::string& name, const FunctionBody& callee, const FunctionCaller& how);

}  // namespace keraft::formats
