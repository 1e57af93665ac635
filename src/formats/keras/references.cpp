#include "formats/keras/references.h"

#include "keraft/error.hpp"

namespace keraft::formats {

List reference(const Plan& plan, Edge edge) {
  const auto node = static_cast<size_t>(edge.node);
  const PlanEntry& entry = plan.entries.at(plan.entry_of.at(node));
  const int32_t call = plan.call_of[node];
  if (entry.calls.at(static_cast<size_t>(call)) != edge.node) {
    throw Error(Status::internal, "a node reference is wrong", {{}, {}, entry.name});
  }
  return {entry.name, int64_t{call}, int64_t{edge.port}};
}

Value keras_tensor(const Graph& graph, const Plan& plan, Edge edge) {
  const TensorType type = graph.type(edge);
  Dict config;
  config["keras_history"] = reference(plan, edge);
  config["dtype"] = type.dtype == DType::invalid ? DType::f32 : type.dtype;
  config["shape"] = type.shape;
  if (!type.shape.has_rank()) config["shape"] = List(1);
  return Dict{{"class_name", "__keras_tensor__"}, {"config", std::move(config)}};
}

}  // namespace keraft::formats
