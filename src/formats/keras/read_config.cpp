#include "formats/keras/read_config.h"

#include <map>
#include <set>

#include "cards/layer_card.h"
#include "formats/keras/dict.h"
#include "formats/keras/layout.h"
#include "formats/keras/operations.h"
#include "formats/keras/read_calls.h"

namespace keraft::formats {
namespace {

bool is_model(const std::string& cls) { return cls == "Functional" || cls == "Model" || cls == "Sequential"; }

class Reader {
 public:
  Reader(base::Budget& budget, const Registry& registry, const std::string& path)
      : budget_(budget), registry_(registry), path_(path) {}

  Graph read(const Value& model) {
    const Dict& dict = as<Dict>(model, "the model", place());
    const std::string& cls = wanted<std::string>(dict, "class_name", place());
    if (!is_model(cls)) {
      throw Error(Status::unsupported,
                  "a model of the class " + base::escaped(cls) + ": only Sequential and Functional models can be read",
                  place());
    }
    if (cls == "Sequential")
      sequential(dict);
    else
      functional(wanted<Dict>(dict, "config", place()));
    graph_.order();  // throws for a cycle
    return std::move(graph_);
  }

 private:
  Place place(const std::string& name = {}) const { return {path_, {}, name}; }

  /// Unique among the nodes, as near to `wanted` as possible.
  std::string node_name(const std::string& wanted) {
    std::string out = wanted;
    for (int number = 1; !node_names_.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
    return out;
  }

  NodeId input(const std::string& name, const Value& shape, DType dtype) {
    if (dtype == DType::invalid) throw Error(Status::format, "an input of unknown dtype", place(name));
    Dims dims;
    for (const Value& size : as<List>(shape, "the shape", place(name))) {
      if (size.null()) {
        dims.push_back(Dim::symbol(dims.empty() ? "B" : "D" + std::to_string(++symbols_)));
        continue;
      }
      const int64_t number = as<int64_t>(size, "the shape", place(name));
      if (number < 0) throw Error(Status::format, "an input with a negative size", place(name));
      dims.push_back(number);
    }
    if (dims.size() > 32) throw Error(Status::format, "an input of too many dimensions", place(name));
    Node node;
    node.name = node_name(name);
    node.op = "ir/Input";
    node.outputs.push_back({dtype, Shape(std::move(dims))});
    budget_.nodes(1);
    return graph_.add(std::move(node));
  }

  NodeId input(const std::string& name, const Dict& config) {
    const Value* shape = entry(config, "batch_shape");
    if (!shape) shape = entry(config, "batch_input_shape");
    if (!shape) throw Error(Status::format, "an input layer without batch_shape", place(name));
    const std::string dtype = text_or_empty(config, "dtype");
    return input(name, *shape, dtype.empty() ? DType::f32 : dtype_named(dtype));
  }

  /// Adds the layer of a layer dict; returns its index.
  int32_t layer(const Dict& dict, const std::string& name) {
    Layer out;
    out.name = name;
    out.cls = wanted<std::string>(dict, "class_name", place(name));
    if (is_model(out.cls)) throw Error(Status::unsupported, "a model inside a model cannot be read yet", place(name));
    if (out.cls == "Lambda")
      throw Error(Status::unsupported, "a Lambda layer: Python code that keraft never runs", place(name));
    out.config = wanted<Dict>(dict, "config", place(name));
    // Registered classes of a .h5 carry their package in the class name.
    for (const std::string& known_as : {out.cls, text_or_empty(dict, "registered_name")}) {
      if (known_as.find('>') != std::string::npos) out.registered = known_as;
    }
    if (!out.registered.empty()) out.how = "custom";
    out.cls = out.cls.substr(out.cls.find('>') + 1);
    tidy(out);
    if (!layer_names_.insert(name).second) throw Error(Status::format, "two layers of this name", place(name));
    budget_.nodes(1);
    graph_.layers.push_back(std::move(out));
    return static_cast<int32_t>(graph_.layers.size() - 1);
  }

  /// One spelling for what the Keras lines write differently.
  void tidy(Layer& layer) const {
    Dict& config = layer.config;
    if (const Value* flag = entry(config, "trainable")) {
      const bool* trainable = flag->get<bool>();
      layer.trainable = !trainable || *trainable;
    }
    for (const char* key : {"name", "trainable", "batch_input_shape"}) config.erase(key);
    if (const auto at = config.find("dtype"); at != config.end()) {
      const Dict* policy = at->second.get<Dict>();
      const Value* inner = policy ? entry(*policy, "config") : nullptr;
      const Dict* inner_dict = inner ? inner->get<Dict>() : nullptr;
      const std::string name = inner_dict ? text_or_empty(*inner_dict, "name") : std::string();
      if (!name.empty()) at->second = name;
    }
    const LayerCard* card = registry_.layer(layer.cls);
    for (auto& [key, value] : config) {
      const LayerCard::Field* field = card ? card->field(key) : nullptr;
      const List* list = value.get<List>();
      if (!field || !field->single || !list || list->size() != 1) continue;
      Value only = list->front();
      value = std::move(only);
    }
  }

  NodeId call(int32_t layer, const std::string& op, const std::string& name, std::vector<Edge> inputs, Dict attrs) {
    Node node;
    node.name = node_name(name);
    node.op = op;
    node.layer = layer;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    budget_.nodes(1);
    budget_.edges(node.inputs.size());
    return graph_.add(std::move(node));
  }

  void sequential(const Dict& model) {
    const Value* config = entry(model, "config");
    const Dict* dict = config ? config->get<Dict>() : nullptr;
    if (dict) graph_.name = text_or_empty(*dict, "name");
    const List& layers = dict ? wanted<List>(*dict, "layers", place())
                              : wanted<List>(model, "config", place());  // Keras before 2.2.3: the bare list
    if (layers.empty()) throw Error(Status::unsupported, "a Sequential model without layers", place());
    NodeId last = no_node;
    for (size_t i = 0; i < layers.size(); ++i) {
      const Dict& one = as<Dict>(layers[i], "a layer", place());
      const Dict& layer_config = wanted<Dict>(one, "config", place());
      const std::string& name = wanted<std::string>(layer_config, "name", place());
      if (wanted<std::string>(one, "class_name", place(name)) == "InputLayer") {
        if (i != 0) throw Error(Status::format, "an input layer in the middle of a Sequential model", place(name));
        last = input(name, layer_config);
        continue;
      }
      if (i == 0) last = input(name + "_input", first_shape(layer_config, dict, name), DType::f32);
      const int32_t index = layer(one, name);
      last = call(index, "keras/" + graph_.layers.back().cls, name, {{last, 0}}, {});
    }
    graph_.inputs.push_back({graph_.at(0).name, {0, 0}});
    graph_.outputs.push_back({graph_.at(last).name, {last, 0}});
  }

  const Value& first_shape(const Dict& layer_config, const Dict* model, const std::string& name) const {
    if (const Value* shape = entry(layer_config, "batch_input_shape")) return *shape;
    const Value* shape = model ? entry(*model, "build_input_shape") : nullptr;
    if (!shape || shape->null())
      throw Error(Status::unsupported, "a Sequential model that was never built: its input has no shape", place(name));
    return *shape;
  }

  void functional(const Dict& config) {
    graph_.name = text_or_empty(config, "name");
    std::map<std::string, std::vector<NodeId>, std::less<>> calls;
    std::vector<std::pair<NodeId, ParsedCall>> parsed;
    for (const Value& value : wanted<List>(config, "layers", place())) {
      const Dict& dict = as<Dict>(value, "a layer", place());
      const Dict& layer_config = wanted<Dict>(dict, "config", place());
      const std::string name =
          entry(dict, "name") ? wanted<std::string>(dict, "name", place()) : wanted<std::string>(layer_config, "name", place());
      if (calls.contains(name)) throw Error(Status::format, "two layers of this name", place(name));
      std::vector<NodeId>& mine = calls[name];
      const std::string& cls = wanted<std::string>(dict, "class_name", place(name));
      if (cls == "InputLayer") {
        mine.push_back(input(name, layer_config));
        continue;
      }
      const Value* nodes = entry(dict, "inbound_nodes");
      if (!nodes || as<List>(*nodes, "inbound_nodes", place(name)).empty())
        continue;  // never called: not in model.layers either
      if (operations(dict, layer_config, name, *nodes->get<List>(), mine, parsed)) continue;
      const int32_t index = layer(dict, name);
      for (const Value& node : *nodes->get<List>()) {
        ParsedCall one = parse_call(node, cls, place(name));
        mine.push_back(call(index, "keras/" + graph_.layers.back().cls, name, {}, std::move(one.attrs)));
        parsed.emplace_back(mine.back(), std::move(one));
      }
    }
    const auto edge = [&](const Reference& reference, const std::string& reader) {
      const auto found = calls.find(reference.layer);
      if (found == calls.end()) {
        throw Error(Status::format, "reads the layer '" + base::escaped(reference.layer) + "', which does not exist",
                    place(reader));
      }
      if (reference.call < 0 || static_cast<size_t>(reference.call) >= found->second.size()) {
        throw Error(Status::format,
                    "reads call " + std::to_string(reference.call) + " of the layer '" + base::escaped(reference.layer) +
                        "', which has " + std::to_string(found->second.size()) + " calls",
                    place(reader));
      }
      if (reference.tensor < 0 || reference.tensor > 4096)
        throw Error(Status::format, "reads a tensor that does not exist", place(reader));
      return Edge{found->second[static_cast<size_t>(reference.call)], static_cast<int32_t>(reference.tensor)};
    };
    for (const auto& [id, one] : parsed) {
      for (const Reference& reference : one.tensors) graph_.at(id).inputs.push_back(edge(reference, graph_.at(id).name));
      budget_.edges(one.tensors.size());
    }
    give_results(parsed);
    ports(config, "input_layers", edge, graph_.inputs);
    ports(config, "output_layers", edge, graph_.outputs);
    for (const Port& port : graph_.inputs) {
      if (graph_.at(port.edge.node).op != "ir/Input")
        throw Error(Status::format, "an input that is no input layer", place(port.name));
    }
  }

  using Calls = std::vector<std::pair<NodeId, ParsedCall>>;

  /// The calls of an operation of Keras 3 or a TFOpLambda of Keras 2; false for other layers.
  bool operations(const Dict& dict, const Dict& config, const std::string& name, const List& nodes, std::vector<NodeId>& mine,
                  Calls& parsed) {
    const std::string cls = text_or_empty(dict, "class_name");
    const bool operation = text_or_empty(dict, "module").starts_with("keras.src.ops");
    if (!operation && cls != "TFOpLambda") return false;
    for (const Value& node : nodes) {
      auto one = operation ? parse_operation(cls, config, node, place(name)) : parse_lambda(config, node, place(name));
      if (!one) return false;
      mine.push_back(call(-1, one->op, name, {}, std::move(one->attrs)));
      parsed.emplace_back(mine.back(), ParsedCall{std::move(one->tensors), {}});
    }
    return true;
  }

  /// Operations have as many results as others read.
  void give_results(const Calls& parsed) {
    for (const auto& [id, one] : parsed) {
      for (const Edge& edge : graph_.at(id).inputs) {
        Node& node = graph_.at(edge.node);
        const auto port = static_cast<size_t>(edge.port);
        if (node.outputs.size() <= port && (port > 0 || node.layer < 0) && node.op != "ir/Input") node.outputs.resize(port + 1);
      }
    }
  }

  template <class Find>
  void ports(const Dict& config, const char* key, const Find& find, std::vector<Port>& out) {
    const Value* value = entry(config, key);
    if (!value) throw Error(Status::format, std::string("\"") + key + "\" is missing in the config", place());
    std::set<std::string> names;
    for (const Reference& reference : parse_references(*value, place(key))) {
      std::string name = reference.layer;
      for (int number = 1; !names.insert(name).second; ++number) name = reference.layer + "_" + std::to_string(number);
      out.push_back({name, find(reference, key)});
      Node& node = graph_.at(out.back().edge.node);
      const auto port = static_cast<size_t>(out.back().edge.port);
      if (port > 0 && node.outputs.size() <= port) node.outputs.resize(port + 1);
    }
    if (out.empty()) throw Error(Status::format, std::string("the model's list of ") + key + " is empty", place());
  }

  base::Budget& budget_;
  const Registry& registry_;
  const std::string& path_;
  Graph graph_;
  std::set<std::string, std::less<>> node_names_, layer_names_;
  int symbols_ = 0;
};

}  // namespace

Graph read_model_dict(const Value& model, base::Budget& budget, const Registry& registry, const std::string& path) {
  return Reader(budget, registry, path).read(model);
}

bool is_sequential(const Value& model) {
  const Dict* dict = model.get<Dict>();
  return dict && text_or_empty(*dict, "class_name") == "Sequential";
}

void bind_weights(Graph& graph, const Registry& registry, const std::string& path) {
  for (Layer& layer : graph.layers) {
    const LayerCard* card = registry.layer(layer.cls);
    if (layer.slots.empty()) slot_names(layer, 0, {}, registry, path);
    for (Slot& slot : layer.slots) {
      const LayerCard::WeightSpec* spec = card ? card->spec(slot.name) : nullptr;
      slot.weight = static_cast<int32_t>(graph.weights.size());
      Weight weight;
      weight.name = layer.name + "/" + slot.name;
      weight.value = slot.value;
      weight.trainable = layer.trainable && (!spec || spec->trainable);
      weight.variable = true;
      graph.weights.push_back(std::move(weight));
    }
  }
}

}  // namespace keraft::formats
