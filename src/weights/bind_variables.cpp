#include "weights/bind_variables.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/string.h"
#include "keraft/error.hpp"
#include "weights/join_parts.h"
#include "weights/values_for_handles.h"

namespace keraft::weights {
namespace {

bool is_reference(const Node& node) noexcept { return node.op == "tf/VariableV2" || node.op == "tf/Variable"; }
bool is_handle(const Node& node) noexcept { return node.op == "tf/VarHandleOp"; }

/// The type and sizes that the graph gives the variable must be those of its contents.
void check_type(const Node& node, const Tensor& value) {
  const auto dtype = node.attrs.find("dtype");
  const auto* wanted = dtype == node.attrs.end() ? nullptr : dtype->second.get<DType>();
  if (wanted && *wanted != value.dtype) {
    throw Error(Status::mismatch,
                "the variable is " + std::string(name_of(*wanted)) + " in the graph and " + std::string(name_of(value.dtype)) +
                    " in the checkpoint",
                {{}, {}, node.name});
  }
  const auto attr = node.attrs.find("shape");
  const auto* shape = attr == node.attrs.end() ? nullptr : attr->second.get<Shape>();
  if (!shape || !shape->has_rank()) return;
  bool same = shape->rank() == value.dims.size();
  for (size_t axis = 0; same && axis < value.dims.size(); ++axis)
    same = !(*shape)[axis].known() || (*shape)[axis].is(value.dims[axis]);
  if (!same) {
    throw Error(Status::mismatch,
                "the variable is " + shape->text() + " in the graph and " + Shape::of(value.dims).text() + " in the checkpoint",
                {{}, {}, node.name});
  }
}

/// Variables that cannot be read, told all at once.
class Failures {
 public:
  /// Rethrows what is no fault of the variable's own.
  void add(const Error& error, const std::string& node) {
    // Without a file, the whole checkpoint is missing.
    const bool own = error.place().name == node &&
                     (error.status() == Status::mismatch || (error.status() == Status::format && !error.place().file.empty()));
    if (!own && !first_) throw error;
    if (!first_) first_ = error;
    if (++count_ > most_listed) return;
    if (own) lines_ += "\n  " + base::escaped(node) + ": " + error.message();
  }
  void raise() const {
    if (!first_) return;
    if (count_ == 1) throw *first_;
    throw Error(first_->status(), std::to_string(count_) + " variables cannot be read:" + lines_,
                {first_->place().file, {}, first_->place().name});
  }

 private:
  static constexpr size_t most_listed = 50;
  std::optional<Error> first_;
  std::string lines_;
  size_t count_ = 0;
};

}  // namespace

bool is_variable(const Node& node) noexcept { return is_reference(node) || is_handle(node); }

void bind_variables(Graph& graph, const std::function<Variable(const Node&)>& lookup, const Control& control) {
  std::map<NodeId, Variable::Part> parts;
  Handles handles;
  Failures failures;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (node.dead || (!is_reference(node) && !is_handle(node))) continue;
    Variable variable;
    try {
      variable = lookup(node);
      check_type(node, variable.value);
    } catch (const Error& error) {
      failures.add(error, node.name);
      continue;
    }
    const TensorType type{variable.value.dtype, Shape::of(variable.value.dims)};
    if (is_handle(node)) handles.emplace(Edge{static_cast<NodeId>(i), 0}, type);
    if (variable.part) parts.emplace(static_cast<NodeId>(i), std::move(*variable.part));
    Weight weight;
    weight.name = std::move(variable.name);
    weight.value = std::move(variable.value);
    weight.trainable = variable.trainable;
    weight.variable = true;
    weight.key = std::move(variable.key);
    weight.evidence.assign(variable.evidence.begin(), variable.evidence.end());
    node.op = "ir/Weight";
    node.weight = static_cast<int32_t>(graph.weights.size());
    node.attrs.clear();
    node.inputs.clear();
    node.control.clear();
    node.outputs = {type};
    graph.weights.push_back(std::move(weight));
  }
  failures.raise();
  values_for_handles(graph, handles, control);
  join_parts(graph, parts);
  graph.prune();
}

}  // namespace keraft::weights
