#include "formats/keras/written.h"

#include <map>
#include <optional>

#include "cards/generated.h"
#include "formats/keras/layout.h"
#include "formats/keras/operations.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

[[noreturn]] void differs(const std::string& what, const std::string& name) {
  throw Error(Status::internal, "the file read back differs from what was written: " + what, {{}, {}, name});
}

std::string reference_text(const Plan& plan, Edge edge) {
  const auto node = static_cast<size_t>(edge.node);
  return plan.entries.at(plan.entry_of.at(node)).name + "/" + std::to_string(plan.call_of.at(node)) + "/" +
         std::to_string(edge.port);
}

std::string calls_text(const Graph& graph, const Plan& plan, const PlanEntry& entry) {
  std::string out;
  for (const NodeId call : entry.calls) {
    for (const Edge& edge : graph.at(call).inputs) out += reference_text(plan, edge) + " ";
    const Node& node = graph.at(call);
    Dict attrs = is_operation(node) ? Dict() : node.attrs;
    // Keras 3 notes it with calls that nobody gave it to, so that it says nothing in its files.
    if (const auto training = attrs.find("training"); training != attrs.end() && training->second == Value(false))
      attrs.erase(training);
    if (!attrs.empty()) out += Value(std::move(attrs)).text();
    out += "| ";
  }
  return out;
}

std::string ports_text(const Plan& plan, const std::vector<Port>& ports) {
  std::string out;
  for (const Port& port : ports) out += reference_text(plan, port.edge) + " ";
  return out;
}

std::string python_path(const std::string& path) {
  const size_t slash = path.rfind('/'), dot = path.rfind('.');
  const bool has_extension = dot != std::string::npos && dot > (slash == std::string::npos ? 0 : slash + 1);
  return (has_extension ? path.substr(0, dot) : path) + ".py";
}

}  // namespace

void compare_models(const Graph& graph, const Plan& plan, const std::vector<Placed>& weights, const Graph& read,
                    const Registry& registry, const Control& control) {
  std::map<const Tensor*, const Placed*> streamed;
  for (const Placed& weight : weights) streamed[weight.tensor] = &weight;
  const Plan again = formats::plan(read);
  if (again.entries.size() != plan.entries.size()) differs("number of layers", {});
  std::vector<Comparison> weights_read;
  std::map<std::string_view, const PlanEntry*> by_name;
  for (const PlanEntry& entry : again.entries) by_name[entry.name] = &entry;
  for (const PlanEntry& entry : plan.entries) {
    const auto found = by_name.find(entry.name);
    if (found == by_name.end()) differs("a layer is missing", entry.name);
    const PlanEntry& other = *found->second;
    if (calls_text(graph, plan, entry) != calls_text(read, again, other)) differs("a layer's inputs", entry.name);
    if ((entry.layer < 0) != (other.layer < 0)) differs("a layer's class", entry.name);
    const Node &mine = graph.at(entry.calls.front()), &theirs = read.at(other.calls.front());
    if (is_operation(mine) != is_operation(theirs)) differs("a layer's class", entry.name);
    if (is_operation(mine) && operation_text(mine) != operation_text(theirs)) differs("an operation", entry.name);
    if (entry.layer < 0) continue;
    const Layer& a = graph.layers[static_cast<size_t>(entry.layer)];
    const Layer& b = read.layers[static_cast<size_t>(other.layer)];
    Dict config = written_config(a, graph.type({entry.calls[0], 0}), registry);
    const bool frozen = config.contains("trainable");
    config.erase("trainable");
    config.erase("name");
    if (a.cls != b.cls || a.registered != b.registered || frozen == b.trainable) differs("a layer's class", entry.name);
    if (wire::print_json(config) != wire::print_json(b.config)) differs("a layer's config", entry.name);
    if (a.slots.size() != b.slots.size()) differs("number of weights", entry.name);
    for (size_t i = 0; i < a.slots.size(); ++i) {
      weights_read.push_back({streamed.at(&a.slots[i].value), &b.slots[i].value, entry.name + "/" + a.slots[i].name});
    }
  }
  if (ports_text(plan, graph.inputs) != ports_text(again, read.inputs)) differs("the inputs", {});
  if (ports_text(plan, graph.outputs) != ports_text(again, read.outputs)) differs("the outputs", {});
  compare_weights(weights_read, control);
}

void commit(base::AtomicFile& file, const Graph& graph, const Plan& plan, const std::string& path) {
  std::map<std::string, std::string> classes;
  for (const PlanEntry& entry : plan.entries) {
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    if (layer.code.empty()) continue;
    const auto [at, fresh] = classes.try_emplace(layer.cls, layer.code);
    if (!fresh && at->second != layer.code) {
      throw Error(Status::internal, "two generated classes have the same name", {{}, {}, layer.cls});
    }
  }
  std::optional<base::AtomicFile> python;
  if (!classes.empty()) {
    python.emplace(python_path(path));
    python->append(cards::generated_module_head());
    for (const auto& [cls, code] : classes) python->append("\n\n" + code + (code.ends_with('\n') ? "" : "\n"));
    python->sync();
  }
  // The classes first: a model whose classes are missing would be of no use.
  if (python) python->commit();
  file.commit();
}

}  // namespace keraft::formats
