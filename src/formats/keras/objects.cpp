#include "formats/keras/objects.h"

#include <algorithm>
#include <map>

#include "base/string.h"
#include "cards/wrapped.h"
#include "formats/keras/plan.h"

namespace keraft::formats {
namespace {

class ObjectBuilder {
 public:
  ObjectBuilder(const Graph& graph, const Registry& registry) : graph_(graph), registry_(registry) {}

  wire::ObjectGraph build() {
    const Plan order = plan(graph_);
    const int root = add(), model = add();
    link(root, "model", model);
    const int functional = order.sequential ? below(model, "functional") : model;
    const int operations = below(functional, "operations");
    int operation = 0, layer = 0, with_weights = 0;
    std::vector<size_t> entries = order.model_layers;
    for (size_t i = 0; order.sequential && i < entries.size(); ++i) entries[i] = i;
    for (const size_t index : entries) {
      const PlanEntry& entry = order.entries[index];
      const bool has_weights = entry.layer >= 0 && !graph_.layers[static_cast<size_t>(entry.layer)].slots.empty();
      const int object = add();
      if (has_weights) variables(object, graph_.layers[static_cast<size_t>(entry.layer)]);
      link(operations, std::to_string(operation++), object);
      if (has_weights) link(model, "layer_with_weights-" + std::to_string(with_weights++), object);
      // The input of a Sequential model is none of its layers in Keras 2.
      if (!order.sequential || entry.layer >= 0) link(model, "layer-" + std::to_string(layer++), object);
    }
    for (const auto& [name, child] : object(model).children) link(root, name, child);
    return std::move(out_);
  }

 private:
  wire::Object& object(int id) { return out_.nodes[static_cast<size_t>(id)]; }
  int add() {
    out_.nodes.emplace_back();
    return static_cast<int>(out_.nodes.size() - 1);
  }
  void link(int from, std::string name, int to) { object(from).children.emplace_back(std::move(name), to); }

  /// Under its name and as a hidden attribute, where nothing else is.
  void link_either(int from, const std::string& name, int to) {
    for (const std::string& one : {name, "_" + name}) {
      if (out_.child(from, one) < 0) link(from, one, to);
    }
  }

  int below(int from, const std::string& name) {
    const int known = out_.child(from, name);
    if (known >= 0) return known;
    const int made = add();
    link_either(from, name, made);
    return made;
  }

  void variables(int layer_object, const Layer& layer) {
    const auto specs = cards::slots_of(layer, registry_);
    std::map<std::string, std::vector<int>> by_ending;
    for (const Slot& slot : layer.slots) {
      const int variable = add();
      object(variable).variable = true;
      object(variable).full_name = object(variable).checkpoint_key = layer.name + "/" + slot.name;
      const auto spec = std::find_if(specs.begin(), specs.end(), [&](const auto& one) { return one.slot == slot.name; });
      if (spec == specs.end() || spec->groups.empty()) {
        link_either(layer_object, slot.name, variable);
        by_ending[slot.name.substr(slot.name.rfind('_') + 1)].push_back(variable);
        continue;
      }
      for (const std::string& group : spec->groups) {
        int at = layer_object;
        std::string last;
        for (std::string& part : base::split(group, '/')) {
          if (!part.empty()) at = below(at, part);
          last = std::move(part);
        }
        link_either(at, spec->own, variable);
        // "query_kernel" is the "kernel" of the part "query_dense".
        const size_t cut = spec->own.rfind('_');
        if (cut != std::string::npos && last.starts_with(spec->own.substr(0, cut)))
          link_either(at, spec->own.substr(cut + 1), variable);
      }
    }
    // Keras 3 calls the "depthwise_kernel" of a layer without another kernel "kernel".
    for (const auto& [ending, variables] : by_ending) {
      if (variables.size() == 1) link_either(layer_object, ending, variables.front());
    }
  }

  const Graph& graph_;
  const Registry& registry_;
  wire::ObjectGraph out_;
};

}  // namespace

wire::ObjectGraph checkpoint_objects(const Graph& graph, const Registry& registry) {
  return ObjectBuilder(graph, registry).build();
}

}  // namespace keraft::formats
