#include "formats/keras/config.h"

#include "base/string.h"
#include "formats/keras/layout.h"
#include "formats/keras/names.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

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
  if (form == Form::both_h5) {
    config["sparse"] = false;
    config["ragged"] = false;
  }
  Dict out{{"class_name", "InputLayer"}, {"config", config}};
  if (form != Form::both_h5) {
    out["module"] = "keras.layers";
    out["registered_name"] = Value();
  }
  return out;
}

// The loaders of Keras 2 look a class of an .h5 up by class_name alone, all others by registered_name.
Dict layer_dict(const Graph& graph, const PlanEntry& entry, Form form, const Registry& registry) {
  const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
  const bool custom = !layer.registered.empty();
  return {{"class_name", custom && form == Form::both_h5 ? layer.registered : layer.cls},
          {"config", written_config(layer, graph.type({entry.calls[0], 0}), registry)},
          {"module", custom ? Value() : Value("keras.layers")},
          {"registered_name", custom ? Value(layer.registered) : Value()}};
}

List reference(const Plan& plan, Edge edge) {
  const auto node = static_cast<size_t>(edge.node);
  const PlanEntry& entry = plan.entries.at(plan.entry_of.at(node));
  const int32_t call = plan.call_of[node];
  if (entry.calls.at(static_cast<size_t>(call)) != edge.node) {
    throw Error(Status::internal, "a node reference is wrong", {{}, {}, entry.name});
  }
  return {entry.name, int64_t{call}, int64_t{edge.port}};
}

Value legacy_call(const Plan& plan, const Node& node) {
  List out;
  for (const Edge& edge : node.inputs) {
    List one = reference(plan, edge);
    if (out.empty())
      one.emplace_back(node.attrs);
    else
      one.emplace_back(Dict{});
    out.emplace_back(std::move(one));
  }
  return out;
}

Dict keras3_call(const Graph& graph, const Plan& plan, const Node& node, const Registry& registry) {
  List tensors;
  for (const Edge& edge : node.inputs) {
    const TensorType type = graph.type(edge);
    Dict config;
    config["keras_history"] = reference(plan, edge);
    config["dtype"] = type.dtype == DType::invalid ? DType::f32 : type.dtype;
    if (type.shape.has_rank())
      config["shape"] = type.shape;
    else
      config["shape"] = List(1);
    tensors.emplace_back(Dict{{"class_name", "__keras_tensor__"}, {"config", std::move(config)}});
  }
  List args;
  if (tensors.size() == 1 || spreads_inputs(graph.layers[static_cast<size_t>(node.layer)], registry))
    args = std::move(tensors);
  else
    args.emplace_back(std::move(tensors));
  Dict out;
  out["args"] = std::move(args);
  out["kwargs"] = node.attrs;
  return out;
}

Value triples(const Plan& plan, const std::vector<Port>& ports) {
  List out;
  for (const Port& port : ports) out.emplace_back(reference(plan, port.edge));
  return out;
}

Dict sequential(const Graph& graph, const Plan& plan, Form form, const Registry& registry) {
  List layers;
  for (const PlanEntry& entry : plan.entries) {
    layers.emplace_back(entry.layer < 0 ? input_dict(graph, entry, form) : layer_dict(graph, entry, form, registry));
  }
  return {{"name", model_name(graph, true)}, {"layers", std::move(layers)}};
}

Dict functional(const Graph& graph, const Plan& plan, Form form, const Registry& registry) {
  List layers;
  for (const PlanEntry& entry : plan.entries) {
    const bool input = entry.layer < 0;
    Dict dict = input ? input_dict(graph, entry, form) : layer_dict(graph, entry, form, registry);
    dict["name"] = entry.name;
    List calls;
    for (const NodeId call : entry.calls) {
      if (input) break;
      const Node& node = graph.at(call);
      if (node.inputs.empty()) throw Error(Status::unsupported, "a layer call without inputs", {{}, {}, node.name});
      // The list form cannot say a call of several arguments.
      const bool keras3 = form == Form::keras3 || spreads_inputs(graph.layers[static_cast<size_t>(entry.layer)], registry);
      if (keras3)
        calls.emplace_back(keras3_call(graph, plan, node, registry));
      else
        calls.emplace_back(legacy_call(plan, node));
    }
    dict["inbound_nodes"] = std::move(calls);
    layers.emplace_back(std::move(dict));
  }
  return {{"name", model_name(graph, false)},
          {"trainable", true},
          {"layers", std::move(layers)},
          {"input_layers", triples(plan, graph.inputs)},
          {"output_layers", triples(plan, graph.outputs)}};
}

}  // namespace

Form choose_form(const Graph& graph, const Plan& plan, Kind kind, const WriteOptions& options, const Registry& registry) {
  const std::string& version = options.keras;
  if (!version.empty() && version != "2" && version != "3" && !version.starts_with("2.") && !version.starts_with("3.")) {
    throw Error(Status::argument, "no such Keras version: '" + base::escaped(version) + "'; give 2, 2.15, 3, 3.0, …");
  }
  std::string needs3;
  for (const PlanEntry& entry : plan.entries) {
    if (entry.layer < 0 && graph.at(entry.calls[0]).op != "ir/Input") {
      throw Error(Status::unsupported, "keras.ops nodes cannot be written yet", {{}, {}, entry.name});
    }
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    weight_places(layer, layer.slots.size(), registry);  // throws for a class whose files are unknown here
    if (!keras3_only(layer, registry).empty()) needs3 = entry.name;
  }
  if (!needs3.empty() && version.starts_with("2")) {
    throw Error(Status::unsupported, "no Keras 2 can load this layer from a file that keraft writes", {{}, {}, needs3});
  }
  if (!needs3.empty() || version.starts_with("3")) return Form::keras3;
  return kind == Kind::keras_h5 ? Form::both_h5 : Form::dual;
}

Dict model_dict(const Graph& graph, const Plan& plan, Form form, const Registry& registry) {
  const bool stack = plan.sequential;
  Dict out{{"config", stack ? sequential(graph, plan, form, registry) : functional(graph, plan, form, registry)}};
  if (form == Form::both_h5) {
    out["class_name"] = stack ? "Sequential" : "Functional";
    return out;
  }
  const bool internal_class = form == Form::keras3 && !stack;
  out["class_name"] = stack ? "Sequential" : internal_class ? "Functional" : "Model";
  out["module"] = internal_class ? "keras.src.models.functional" : "keras";
  out["registered_name"] = internal_class ? Value("Functional") : Value();
  return out;
}

}  // namespace keraft::formats
