#include "formats/keras/written.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "cards/generated.h"
#include "formats/keras/layout.h"
#include "formats/keras/operations.h"
#include "formats/wire/json.h"
#include "ir/share.h"
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

/// The generated classes of the graph; empty when there are none.
std::string classes_text(const Graph& graph, const Plan& plan) {
  std::map<std::string, std::string> classes;
  for (const PlanEntry& entry : plan.entries) {
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    if (layer.code.empty()) continue;
    const auto [at, fresh] = classes.try_emplace(layer.cls, layer.code);
    if (!fresh && layer.code != at->second) {
      throw Error(Status::internal, "two generated classes have the same name", {{}, {}, layer.cls});
    }
  }
  std::string out;
  if (!classes.empty()) out = cards::generated_module_head();
  for (const auto& [cls, code] : classes) out += "\n\n" + code + (code.ends_with('\n') ? "" : "\n");
  return out;
}

size_t hash(const std::string& text) { return std::hash<std::string>()(text); }

}  // namespace

Expected::Entry Expected::entry(const Graph& graph, const Plan& plan, const PlanEntry& from) {
  Entry out;
  out.name = from.name;
  out.calls = hash(calls_text(graph, plan, from));
  const Node& first = graph.at(from.calls.front());
  out.is_operation = is_operation(first);
  if (out.is_operation) out.config = hash(operation_text(first));
  if (from.layer < 0) return out;
  const Layer& layer = graph.layers[static_cast<size_t>(from.layer)];
  out.is_layer = true;
  out.cls = layer.cls;
  out.registered = layer.registered;
  out.weights = static_cast<uint32_t>(layer.slots.size());
  return out;
}

Expected::Expected(const Graph& graph, const Plan& plan, const std::vector<Placed>& weights,
                   const std::optional<CompileState>& state, const Registry& registry)
    : inputs_(hash(ports_text(plan, graph.inputs))),
      outputs_(hash(ports_text(plan, graph.outputs))),
      classes_(classes_text(graph, plan)) {
  std::unordered_map<const Tensor*, const Placed*> streamed;
  for (const Placed& weight : weights) streamed[weight.tensor] = &weight;
  std::vector<const PlanEntry*> by_name;
  for (const PlanEntry& one : plan.entries) by_name.push_back(&one);
  std::sort(by_name.begin(), by_name.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  ir::Sharing sharing;
  entries_.reserve(by_name.size());
  for (const PlanEntry* from : by_name) {
    Entry& one = entries_.emplace_back(entry(graph, plan, *from));
    if (!one.is_layer) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(from->layer)];
    one.name = layer.name == from->name ? layer.name : one.name;
    Dict config = written_config(layer, graph.type({from->calls[0], 0}), registry);
    one.trainable = !config.contains("trainable");
    config.erase("trainable");
    config.erase("name");
    one.config = hash(wire::print_json(config));
    for (const Slot& slot : layer.slots) {
      weights_.push_back(contents(*streamed.at(&slot.value)));
      sharing.share(weights_.back().sizes);
      slots_.push_back(slot.name);
    }
  }
  for (size_t i = 0; state && i < state->variables.size(); ++i) {
    const auto& [name, value] = state->variables[i];
    variables_.emplace_back(name, contents(*streamed.at(&value)));
  }
}

void Expected::compare(const Graph& read, const Control& control) const {
  const Plan plan = formats::plan(read);
  if (plan.entries.size() != entries_.size()) differs("number of layers", {});
  std::vector<const PlanEntry*> by_name;
  for (const PlanEntry& one : plan.entries) by_name.push_back(&one);
  std::sort(by_name.begin(), by_name.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  std::vector<Comparison> comparisons;
  size_t weight = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& wanted = entries_[i];
    if (wanted.name != by_name[i]->name) differs("a layer is missing", wanted.name);
    Entry found = entry(read, plan, *by_name[i]);
    if (wanted.calls != found.calls) differs("a layer's inputs", wanted.name);
    if (wanted.is_layer != found.is_layer || wanted.is_operation != found.is_operation) differs("a layer's class", wanted.name);
    if (wanted.is_layer) {
      const Layer& layer = read.layers[static_cast<size_t>(by_name[i]->layer)];
      if (wanted.cls != found.cls || wanted.registered != found.registered || wanted.trainable != layer.trainable)
        differs("a layer's class", wanted.name);
      found.config = hash(wire::print_json(layer.config));
      if (wanted.weights != found.weights) differs("number of weights", wanted.name);
      for (const Slot& slot : layer.slots) {
        comparisons.push_back({&weights_[weight], &slot.value, wanted.name + "/" + slots_[weight]});
        ++weight;
      }
    }
    if (wanted.config != found.config) differs(wanted.is_operation ? "an operation" : "a layer's config", wanted.name);
  }
  if (inputs_ != hash(ports_text(plan, read.inputs))) differs("the inputs", {});
  if (outputs_ != hash(ports_text(plan, read.outputs))) differs("the outputs", {});
  const std::vector<Tensor> none;
  const std::vector<Tensor>& stored = read.training ? read.training->stored : none;
  if (stored.size() != variables_.size()) differs("the optimizer's variables", {});
  for (size_t i = 0; i < stored.size(); ++i) comparisons.push_back({&variables_[i].second, &stored[i], variables_[i].first});
  compare_weights(comparisons, control);
}

void Expected::commit(base::AtomicFile& file, const std::string& path) const {
  std::optional<base::AtomicFile> python;
  if (!classes_.empty()) {
    python.emplace(python_path(path));
    python->append(classes_);
    python->sync();
  }
  // The classes first: a model whose classes are missing would be of no use.
  if (python) python->commit();
  file.commit();
}

}  // namespace keraft::formats
