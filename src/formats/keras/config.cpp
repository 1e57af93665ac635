#include "formats/keras/config.h"

#include <algorithm>

#include "base/string.h"
#include "cards/layer_card.h"
#include "formats/keras/layout.h"
#include "formats/keras/line_names.h"
#include "formats/keras/names.h"
#include "formats/keras/operations.h"
#include "formats/keras/references.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

bool is_h5(Form form) { return form == Form::both_h5 || form == Form::keras3_h5; }

std::string model_name(const Graph& graph, bool sequential) {
  std::string out;
  for (const char c : graph.name)
    out += legal_layer_name(std::string_view(&c, 1)) || c == '_' || c == '-' || c == '.' ? c : '_';
  if (legal_layer_name(out)) return out;
  return sequential ? "sequential" : "model";
}

Dict input_dict(const Graph& graph, const PlanEntry& entry, Form form) {
  const TensorType type = graph.type({entry.calls[0], 0});
  if (!type.shape.has_rank())
    throw Error(Status::unsupported, "an input of unknown rank; give its shape", {{}, {}, entry.name});
  if (type.shape.rank() == 0) throw Error(Status::unsupported, "an input without a batch dimension", {{}, {}, entry.name});
  Dict config{
      {"name", entry.name}, {"dtype", type.dtype}, {form == Form::keras3 ? "batch_shape" : "batch_input_shape", type.shape}};
  if (is_h5(form)) {
    config["sparse"] = false;
    config["ragged"] = false;
  }
  Dict out{{"class_name", "InputLayer"}, {"config", config}};
  if (!is_h5(form)) {
    out["module"] = "keras.layers";
    out["registered_name"] = Value();
  }
  return out;
}

// The loaders of Keras 2 look a class of an .h5 up by class_name alone, all others by registered_name.
Dict layer_dict(const Graph& graph, const PlanEntry& entry, Form form, const Registry& registry) {
  const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
  const bool custom = !layer.registered.empty();
  return {{"class_name", (custom && is_h5(form) ? layer.registered : layer.cls).str()},
          {"config", in_words_of_keras2(written_config(layer, graph.type({entry.calls[0], 0}), registry))},
          {"module", custom ? Value() : Value("keras.layers")},
          {"registered_name", custom ? Value(layer.registered.str()) : Value()}};
}

/// Loaders take the keyword arguments of the last tensor, so each has them.
Value legacy_call(const Plan& plan, const Node& node) {
  List out;
  for (const Edge& edge : node.inputs) {
    List one = reference(plan, edge);
    one.emplace_back(node.attrs);
    out.emplace_back(std::move(one));
  }
  return out;
}

Dict keras3_call(const Graph& graph, const Plan& plan, const Node& node, const Registry& registry) {
  List tensors;
  for (const Edge& edge : node.inputs) tensors.push_back(keras_tensor(graph, plan, edge));
  const Layer& layer = graph.layers[static_cast<size_t>(node.layer)];
  Dict out, kwargs = node.attrs;
  if (has_two_forms(node, layer, registry)) {
    kwargs[registry.layer(layer.cls)->list_argument] = List(tensors.begin() + 1, tensors.end());
    tensors.resize(1);
  }
  List args;
  if (tensors.size() == 1 || spreads_inputs(layer, registry))
    args = std::move(tensors);
  else
    args.emplace_back(std::move(tensors));
  out["args"] = std::move(args);
  out["kwargs"] = std::move(kwargs);
  return out;
}

Value triples(const Plan& plan, const std::vector<Port>& ports) {
  List out;
  for (const Port& port : ports) out.emplace_back(reference(plan, port.edge));
  return out;
}

/// A list whose elements are made one at a time: together they are a hundred times their text.
class ListText {
 public:
  void add(const Value& element) { text_ += (text_.size() == 1 ? "" : ",") + wire::print_json(element); }
  std::string take() { return std::move(text_) + "]"; }

 private:
  std::string text_ = "[";
};

std::string sequential(const Graph& graph, const Plan& plan, Form form, const Registry& registry) {
  ListText layers;
  for (const PlanEntry& entry : plan.entries) {
    layers.add(entry.layer < 0 ? input_dict(graph, entry, form) : layer_dict(graph, entry, form, registry));
  }
  return wire::print_json({{"name", model_name(graph, true)}}, "layers", layers.take());
}

std::string functional(const Graph& graph, const Plan& plan, Form form, const Registry& registry) {
  ListText layers;
  for (const PlanEntry& entry : plan.entries) {
    if (is_operation(graph.at(entry.calls.front()))) {
      const bool keras2 = form == Form::both_h5;
      Dict operation = keras2 ? lambda_dict(graph, plan, entry) : operation_dict(graph, plan, entry);
      operation["name"] = entry.name;
      layers.add(std::move(operation));
      continue;
    }
    const bool input = entry.layer < 0;
    Dict dict = input ? input_dict(graph, entry, form) : layer_dict(graph, entry, form, registry);
    dict["name"] = entry.name;
    List calls;
    for (const NodeId call : entry.calls) {
      if (input) break;
      const Node& node = graph.at(call);
      if (node.inputs.empty()) throw Error(Status::unsupported, "a layer call without inputs", {{}, {}, node.name});
      // The list form cannot say a call of several arguments.
      const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
      const bool keras3 = form == Form::keras3 || spreads_inputs(layer, registry) ||
                          (form == Form::keras3_h5 && has_two_forms(node, layer, registry));
      if (keras3)
        calls.emplace_back(keras3_call(graph, plan, node, registry));
      else
        calls.emplace_back(legacy_call(plan, node));
    }
    dict["inbound_nodes"] = std::move(calls);
    layers.add(std::move(dict));
  }
  const Dict rest{{"name", model_name(graph, false)},
                  {"trainable", true},
                  {"input_layers", triples(plan, graph.inputs)},
                  {"output_layers", triples(plan, graph.outputs)}};
  return wire::print_json(rest, "layers", layers.take());
}

bool has_two_forms(const Graph& graph, const Plan& plan, const Registry& registry) {
  return std::any_of(plan.entries.begin(), plan.entries.end(), [&](const PlanEntry& entry) {
    return entry.layer >= 0 && std::any_of(entry.calls.begin(), entry.calls.end(), [&](NodeId call) {
             return formats::has_two_forms(graph.at(call), graph.layers[static_cast<size_t>(entry.layer)], registry);
           });
  });
}

}  // namespace

Form choose_form(const Graph& graph, const Plan& plan, Kind kind, const WriteOptions& options, const Registry& registry) {
  const std::string& version = options.keras;
  if (!version.empty() && version != "2" && version != "3" && !version.starts_with("2.") && !version.starts_with("3.")) {
    throw Error(Status::argument, "no such Keras version: '" + base::escaped(version) + "'; give 2, 2.15, 3, 3.0, …");
  }
  const bool h5 = kind == Kind::keras_h5;
  std::string needs3, needs2, operation, no_twin, newest;
  for (const PlanEntry& entry : plan.entries) {
    if (is_operation(graph.at(entry.calls[0]))) {
      operation = entry.name;
      const std::string why = h5 ? no_lambda(graph, entry) : std::string();
      if (!why.empty()) no_twin += (no_twin.empty() ? "" : "; ") + entry.name + ": " + why;
    }
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    if (!keras3_only(layer, registry).empty()) needs3 = entry.name;
    if (!keras2_only(layer, registry).empty()) needs2 = entry.name;
    if (const std::string first = since(layer, registry); older(newest, first)) newest = first;
  }
  if (!h5 && needs3.empty() && needs2.empty()) needs3 = operation;
  if (!needs2.empty() && !needs3.empty()) {
    throw Error(Status::unsupported, "no Keras has both this layer and '" + base::escaped(needs3) + "' in a form that it loads",
                {{}, {}, needs2});
  }
  if (!needs3.empty() && version.starts_with("2")) {
    throw Error(Status::unsupported, "no Keras 2 can load this layer from a file that keraft writes", {{}, {}, needs3});
  }
  if (!h5 && version.starts_with("2.") && older(version, "2.15"))
    throw Error(
        Status::unsupported,
        "Keras 2.12 to 2.14 want the weights of a .keras file in other groups, and those before have no such files; write an "
        ".h5");
  if (!needs2.empty() && version.starts_with("3"))
    throw Error(Status::unsupported, "no Keras 3 has this layer as Keras 2 computes it", {{}, {}, needs2});
  if (version.starts_with("3.") && older(version, newest))
    throw Error(Status::unsupported, "Keras " + base::escaped(version) + " lacks a layer that came with Keras " + newest);
  const bool two_forms = needs2.empty() && !version.starts_with("2") && has_two_forms(graph, plan, registry);
  const bool keras3 = !needs3.empty() || two_forms;
  // Keras 3 before 3.7 makes calls in the order of the layers, unless they are lists as Keras 2 has them.
  const bool by_lists = !h5 && !plan.in_order && (version == "3" || (version.starts_with("3.") && older(version, "3.7")));
  if (by_lists && keras3 && version != "3")
    throw Error(Status::unsupported,
                "Keras before 3.7 loads no .keras file with a layer that is called on what was made of its "
                "results beside one that only Keras 3 has; write an .h5");
  if (keras3 || (version.starts_with("3") && !by_lists)) return h5 ? Form::keras3_h5 : Form::keras3;
  if (!no_twin.empty()) {
    if (version.starts_with("2")) throw Error(Status::unsupported, "Keras 2 has no layer for these operations: " + no_twin);
    return Form::keras3_h5;
  }
  return h5 ? Form::both_h5 : Form::dual;
}

std::string model_config(const Graph& graph, const Plan& plan, Form form, const Registry& registry, Dict more) {
  const bool stack = plan.sequential, internal_class = form == Form::keras3 && !stack;
  if (is_h5(form)) {
    more["class_name"] = stack ? "Sequential" : "Functional";
  } else {
    more["class_name"] = stack ? "Sequential" : internal_class ? "Functional" : "Model";
    more["module"] = internal_class ? "keras.src.models.functional" : "keras";
    more["registered_name"] = internal_class ? Value("Functional") : Value();
  }
  return wire::print_json(more, "config",
                          stack ? sequential(graph, plan, form, registry) : functional(graph, plan, form, registry));
}

}  // namespace keraft::formats
