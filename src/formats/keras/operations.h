// Nodes of keras.ops in Keras files: operations of Keras 3, TFOpLambda layers of Keras 2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/keras/plan.h"
#include "formats/keras/read_calls.h"
#include "ir/operation.h"
#include "keraft/error.hpp"

namespace keraft::formats {

/// The dict of an operation node of Keras 3, without its name.
Dict operation_dict(const Graph& graph, const Plan& plan, const PlanEntry& entry);
/// The same computation as a layer of Keras 2; throws Status::unsupported where Keras 2 has none.
Dict lambda_dict(const Graph& graph, const Plan& plan, const PlanEntry& entry);
/// Why lambda_dict would throw; empty: it would not.
std::string no_lambda(const Graph& graph, const PlanEntry& entry);

struct ParsedOperation {
  std::string op;  ///< "keras.ops/Multiply", or a raw op
  Dict attrs;      ///< as cards::express writes them
  std::vector<Reference> tensors;
  std::vector<Tensor> constants;  ///< inputs behind the tensors, or
  std::vector<size_t> places;     ///< where they stand among all inputs, in order
};

/// A call of an operation node. Throws Status::format, ::unsupported.
ParsedOperation parse_operation(const std::string& cls, const Dict& config, const Value& call, const Place& place);
/// A call of a TFOpLambda layer; nothing for functions that are not known here.
std::optional<ParsedOperation> parse_lambda(const Dict& config, const Value& call, const Place& place);

/// Equal for nodes that files say in the same words.
std::string operation_text(const Node& node);

}  // namespace keraft::formats
