#include "formats/keras/read_config.h"

#include <algorithm>
#include <map>
#include <set>

#include "cards/keras_op.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "formats/keras/dict.h"
#include "formats/keras/implicit_masks.h"
#include "formats/keras/layout.h"
#include "formats/keras/operations.h"
#include "formats/keras/plan.h"
#include "formats/keras/read_calls.h"
#include "formats/keras/slicing.h"
#include "formats/keras/tf_op.h"
#include "formats/keras/tidy_config.h"
#include "ir/constant.h"
#include "ir/rewire.h"
#include "ir/share.h"

namespace keraft::formats {
namespace {

class Reader {
 public:
  Reader(base::Budget& budget, const Registry& registry, const std::string& path, Nesting& nesting)
      : budget_(budget), registry_(registry), path_(path), nesting_(nesting) {}

  Graph read(Value model) {
    own_ = layers_of(model);
    const Dict& dict = as<Dict>(model, "the model", place());
    const std::string& cls = wanted<std::string>(dict, "class_name", place());
    if (!is_model(cls)) {
      throw Error(Status::unsupported,
                  "a model of the class " + base::escaped(cls) + ": only Sequential and Functional models can be read",
                  place());
    }
    if (cls == "Sequential") {
      sequential(dict);
    } else {
      const Dict& config = wanted<Dict>(dict, "config", place());
      graph_.name = text_or_empty(config, "name");
      const Ends ends = functional(config, nullptr);
      ports("input_layers", ends.inputs, graph_.inputs);
      ports("output_layers", ends.outputs, graph_.outputs);
      for (const Port& port : graph_.inputs) {
        if (graph_.at(port.edge.node).op != "ir/Input")
          throw Error(Status::format, "an input that is no input layer", place(port.name));
      }
    }
    drop_relays();
    if (masked_) graph_.prune();
    graph_.order();  // throws for a cycle
    return std::move(graph_);
  }

 private:
  /// A call of a layer or of a model inside the model.
  struct Made {
    NodeId node = no_node;      ///< of a layer
    std::vector<Edge> results;  ///< of a model
  };
  /// What has been called by a name.
  struct Called {
    std::vector<Made> made;
    std::vector<size_t> numbers;  ///< in Level::ends
  };
  /// A node and the tensors that it reads: a range of Level::tensors.
  struct Reads {
    NodeId node;
    size_t begin, end;
  };
  /// The calls of one model, with models inside as if they were layers: their order is Keras'.
  struct Level {
    std::map<Name, Called, std::less<>> called;
    std::vector<Nesting::Child> children;
    std::vector<Reference> tensors;  ///< that the calls read, one call's after another's
    std::vector<size_t> ends;        ///< of each call's tensors
    std::vector<size_t> child_of;    ///< of each call
    std::set<Name> counted;          ///< models whose own call Keras 3 counts where it names the ends, and only there
    std::vector<Reads> reads;
    std::vector<std::pair<NodeId, ParsedCall>> more;  ///< masks and constants of calls

    size_t begin_of(size_t call) const { return call ? ends[call - 1] : 0; }
    void call(Called& by, const std::vector<Reference>& read) {
      by.numbers.push_back(ends.size());
      child_of.push_back(children.size() - 1);
      tensors.insert(tensors.end(), read.begin(), read.end());
      ends.push_back(tensors.size());
    }
    /// The call of a node of its own.
    void call(Called& by, NodeId node, ParsedCall one) {
      by.made.push_back({node, {}});
      call(by, one.tensors);
      reads.push_back({node, begin_of(ends.size() - 1), tensors.size()});
      if (!one.masks.empty() || !one.constants.empty()) more.emplace_back(node, std::move(one));
    }
  };
  /// What a model reads and gives, with the names of the layers.
  struct Ends {
    std::vector<std::pair<std::string, Edge>> inputs, outputs;
  };
  /// Stands for a tensor that a model inside the model is called on, until all nodes are there.
  static constexpr const char* relay = "ir/Relay";

  Place place(const std::string& name = {}) const { return {path_, {}, name}; }

  /// A layer's dict. The outermost model, of which nobody else reads, gives its own away: graph and config need not be in
  /// memory at the same time.
  Value layer_dict(const List& layers, size_t i) {
    Value out = layers[i];
    if (&layers == own_) (*own_)[i] = Value();
    return out;
  }

  void share(std::vector<Reference>& tensors) {
    for (Reference& one : tensors) sharing_.share(one.layer);
  }
  Name shared(Name name) {
    sharing_.share(name);
    return name;
  }

  /// Unique among the nodes, as near to `wanted` as possible.
  Name node_name(const Name& wanted) {
    if (node_names_.insert(wanted).second) return wanted;
    int& number = copies_of_[wanted];
    for (;;) {
      Name out = wanted + "_" + std::to_string(++number);
      if (node_names_.insert(out).second) return out;
    }
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

  /// A name that no other layer has; inside a model that of a layer outside is another's.
  Name layer_name(const Name& name) {
    if (scope_.empty()) {
      if (!layer_names_.insert(name).second) throw Error(Status::format, "two layers of this name", place(name));
      return name;
    }
    std::string out = name;
    for (size_t i = scope_.size(); i-- > 0 && (outer_names_.contains(out) || layer_names_.contains(out));)
      out = scope_[i] + "_" + out;
    for (const std::string base = out; outer_names_.contains(out) || !layer_names_.insert(out).second;)
      out = base + "_" + std::to_string(++copies_);
    return out;
  }

  /// Adds the layer of a layer dict, or finds it when its model is called once more; returns its index.
  int32_t layer(const Dict& dict, const Name& name) {
    LayerPath path = scope_;
    path.push_back(name);
    if (const auto known = layer_at_.find(path); !scope_.empty() && known != layer_at_.end()) return known->second;
    Layer out;
    out.cls = wanted<std::string>(dict, "class_name", place(name));
    if (out.cls == "Lambda")
      throw Error(Status::unsupported, "a Lambda layer: Python code that keraft never runs", place(name));
    out.config = wanted<Dict>(dict, "config", place(name));
    // Registered classes of a .h5 carry their package in the class name.
    for (const std::string& known_as : {out.cls.str(), text_or_empty(dict, "registered_name")}) {
      if (known_as.find('>') != std::string::npos) out.registered = known_as;
    }
    if (!out.registered.empty()) out.how = "custom";
    out.cls = out.cls.substr(out.cls.find('>') + 1);
    tidy(out);
    if (is_quantised(out.config))
      throw Error(Status::unsupported, "quantised weights, which cannot be read yet; save the model before it is quantised",
                  place(name));
    out.name = layer_name(name);
    for (Name* one : {&out.cls, &out.registered, &out.how}) sharing_.share(*one);
    sharing_.share(out.config);
    budget_.nodes(1);
    graph_.layers.push_back(std::move(out));
    const auto index = static_cast<int32_t>(graph_.layers.size() - 1);
    nesting_.paths.push_back(path);
    if (!scope_.empty()) layer_at_.emplace(std::move(path), index);
    return index;
  }

  /// Keras 3 notes arguments with each call that nobody gave.
  ParsedCall layer_call(const Value& node, const std::string& cls, const Place& at) const {
    const LayerCard* card = registry_.layer(cls);
    ParsedCall out = parse_call(node, card ? card->tensor_arguments : std::vector<std::string>(), at);
    if (!node.get<Dict>()) return out;
    Dict noted = card ? card->call_defaults : Dict();
    noted.try_emplace("training", false);  // training sets it again
    for (const auto& [key, value] : noted) {
      const auto found = out.attrs.find(key);
      if (found != out.attrs.end() && found->second == value) out.attrs.erase(found);
    }
    return out;
  }

  /// Is the type a policy of whole numbers: "int8_from_float32", or in words of {"mode", "source_name"}?
  static bool is_quantised(const Dict& config) {
    const Dict* policy = dict_in(config, "dtype");
    const Dict* words = policy ? dict_in(*policy, "config") : nullptr;
    return words ? words->contains("source_name") : text_or_empty(config, "dtype").find("_from_") != std::string::npos;
  }

  /// One spelling for what the Keras lines write differently.
  void tidy(Layer& layer) const {
    Dict& config = layer.config;
    if (const Value* flag = entry(config, "trainable")) {
      const bool* trainable = flag->get<bool>();
      layer.trainable = !trainable || *trainable;
    }
    for (const char* key : {"name", "trainable", "batch_input_shape"}) config.erase(key);
    tidy_config(layer.cls, config, registry_, budget_.max_depth());
  }

  /// Does training change what the layer computes?
  bool acts_in_training(const Layer& layer) const {
    const LayerCard* card = registry_.layer(layer.cls);
    return card && (card->inference_identity || std::any_of(card->weight_specs.begin(), card->weight_specs.end(),
                                                            [](const auto& spec) { return !spec.kept_by.empty(); }));
  }

  NodeId call(int32_t layer, const std::string& op, const Name& name, std::vector<Edge> inputs, Dict attrs) {
    Node node;
    if (inference_ > 0 && layer >= 0 && acts_in_training(graph_.layers[static_cast<size_t>(layer)]))
      attrs.try_emplace("training", false);
    node.name = node_name(name);
    node.op = shared(op);
    node.layer = layer;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    sharing_.share(node.attrs);
    budget_.nodes(1);
    budget_.edges(node.inputs.size());
    return graph_.add(std::move(node));
  }

  static const List& sequential_layers(const Dict& model, const Dict* config, const Place& place) {
    return config ? wanted<List>(*config, "layers", place) : wanted<List>(model, "config", place);  // before 2.2.3: the list
  }

  void sequential(const Dict& model) {
    const Value* config = entry(model, "config");
    const Dict* dict = config ? config->get<Dict>() : nullptr;
    if (dict) graph_.name = text_or_empty(*dict, "name");
    const List& layers = sequential_layers(model, dict, place());
    if (layers.empty()) throw Error(Status::unsupported, "a Sequential model without layers", place());
    remember_names(layers);
    const Dict& first = as<Dict>(layers.front(), "a layer", place());
    const Dict& first_config = wanted<Dict>(first, "config", place());
    const std::string name = text_or_empty(first_config, "name");
    const bool has_input = text_or_empty(first, "class_name") == "InputLayer";
    const NodeId head = has_input ? input(wanted<std::string>(first_config, "name", place()), first_config)
                                  : input(name + "_input", first_shape(first_config, dict, name), DType::f32);
    const Edge last = chain(layers, {head, 0});
    graph_.inputs.push_back({graph_.at(head).name, {head, 0}});
    graph_.outputs.push_back({graph_.at(last.node).name, last});
  }

  /// The layers of a Sequential model, each called on what the one before gives.
  Edge chain(const List& layers, Edge last) {
    std::vector<Nesting::Child> children;
    for (size_t i = 0; i < layers.size(); ++i) {
      const Value value = layer_dict(layers, i);
      const Dict& one = as<Dict>(value, "a layer", place());
      const Dict& layer_config = wanted<Dict>(one, "config", place());
      const std::string& name = wanted<std::string>(layer_config, "name", place());
      const std::string& cls = wanted<std::string>(one, "class_name", place(name));
      if (cls == "InputLayer") {
        if (i != 0) throw Error(Status::format, "an input layer in the middle of a Sequential model", place(name));
        continue;
      }
      children.push_back({name, cls, is_model(cls)});
      if (is_model(cls)) {
        const auto results = model_inside(one, name, {last});
        if (results.size() != 1) throw Error(Status::format, "a model of several results in a Sequential model", place(name));
        last = results.front();
        continue;
      }
      const int32_t index = layer(one, name);
      last = {call(index, "keras/" + graph_.layers[static_cast<size_t>(index)].cls, name, {last}, {}), 0};
    }
    nesting_.children.try_emplace(scope_, std::move(children));
    return last;
  }

  const Value& first_shape(const Dict& layer_config, const Dict* model, const std::string& name) const {
    if (const Value* shape = entry(layer_config, "batch_input_shape")) return *shape;
    const Value* shape = model ? entry(*model, "build_input_shape") : nullptr;
    if (!shape || shape->null())
      throw Error(Status::unsupported, "a Sequential model that was never built: its input has no shape", place(name));
    return *shape;
  }

  /// Names of the outermost model are its own; those of models inside make way.
  void remember_names(const List& layers) {
    const auto model = [](const Value& value) {
      const Dict* dict = value.get<Dict>();
      return dict && is_model(text_or_empty(*dict, "class_name"));
    };
    if (!scope_.empty() || std::none_of(layers.begin(), layers.end(), model)) return;
    for (const Value& value : layers) {
      const Dict& dict = as<Dict>(value, "a layer", place());
      const Dict& config = wanted<Dict>(dict, "config", place());
      if (!model(value)) outer_names_.insert(entry(dict, "name") ? text_or_empty(dict, "name") : text_or_empty(config, "name"));
    }
  }

  /// A model that was made of an input has been called on that before any other call.
  static bool has_own_call(const Dict& dict) {
    if (text_or_empty(dict, "class_name") != "Sequential") return true;
    const Value* config = entry(dict, "config");
    const Dict* entries = config ? config->get<Dict>() : nullptr;
    const Value* layers = entries ? entry(*entries, "layers") : config;
    const List* list = layers ? layers->get<List>() : nullptr;
    const Dict* first = list && !list->empty() ? list->front().get<Dict>() : nullptr;
    const Value* own = first ? entry(*first, "config") : nullptr;
    return first && (text_or_empty(*first, "class_name") == "InputLayer" ||
                     (own && own->get<Dict>() && entry(*own->get<Dict>(), "batch_input_shape")));
  }

  /// One call of a model inside the model: its layers called once more.
  std::vector<Edge> model_inside(const Dict& dict, const std::string& name, const std::vector<Edge>& given) {
    if (static_cast<int>(scope_.size()) >= budget_.max_depth())
      throw Error(Status::memory, "models nested too deep; the limit is in Limits::depth", place(name));
    scope_.push_back(name);
    std::vector<Edge> out;
    const Value* value = entry(dict, "config");
    const Dict* config = value ? value->get<Dict>() : nullptr;
    if (text_or_empty(dict, "class_name") == "Sequential") {
      if (given.size() != 1) throw Error(Status::format, "a Sequential model of several inputs", place(name));
      out = {chain(sequential_layers(dict, config, place(name)), given.front())};
    } else {
      for (auto& [layer, edge] : functional(wanted<Dict>(dict, "config", place(name)), &given).outputs) out.push_back(edge);
    }
    scope_.pop_back();
    return out;
  }

  /// The layers and calls of a Functional model. `given` takes the place of its inputs.
  Ends functional(const Dict& config, const std::vector<Edge>* given) {
    Level level;
    const std::vector<Reference> heads =
        given ? parse_references(wanted_any(config, "input_layers"), place("input_layers")) : std::vector<Reference>{};
    if (given && heads.size() != given->size())
      throw Error(Status::format,
                  "a model of " + std::to_string(heads.size()) + " inputs called with " + std::to_string(given->size()),
                  place(scope_.back()));
    const List& layers = wanted<List>(config, "layers", place());
    remember_names(layers);
    for (size_t i = 0; i < layers.size(); ++i) {
      const Value value = layer_dict(layers, i);
      const Dict& dict = as<Dict>(value, "a layer", place());
      const Dict& layer_config = wanted<Dict>(dict, "config", place());
      const Name name = shared(entry(dict, "name") ? wanted<std::string>(dict, "name", place())
                                                   : wanted<std::string>(layer_config, "name", place()));
      if (level.called.contains(name)) throw Error(Status::format, "two layers of this name", place(name));
      Called& mine = level.called[name];
      const std::string& cls = wanted<std::string>(dict, "class_name", place(name));
      level.children.push_back({name, shared(cls), is_model(cls)});
      if (cls == "InputLayer") {
        level.call(mine, {});
        const auto head = std::find_if(heads.begin(), heads.end(), [&](const Reference& one) { return one.layer == name; });
        if (!given)
          mine.made.push_back({input(name, layer_config), {}});
        else if (head != heads.end())
          mine.made.push_back({no_node, {(*given)[static_cast<size_t>(head - heads.begin())]}});
        continue;
      }
      const Value* nodes = entry(dict, "inbound_nodes");
      if (!nodes || as<List>(*nodes, "inbound_nodes", place(name)).empty())
        continue;  // never called: not in model.layers either
      if (operations(dict, layer_config, name, *nodes->get<List>(), mine, level)) {
        level.children.back().name = {};
        continue;
      }
      if (is_model(cls)) {
        // Keras 2 counts the call that made the model what it is.
        const bool keras3 = nodes->get<List>()->front().get<Dict>() != nullptr;
        if (keras3 && cls != "Sequential") level.counted.insert(name);
        if (has_own_call(dict) && !keras3) {
          mine.made.emplace_back();
          level.call(mine, {});
        }
        for (const Value& node : *nodes->get<List>()) {
          std::vector<Edge> relays;
          ParsedCall one = parse_call(node, {}, place(name));
          share(one.tensors);
          level.call(mine, one.tensors);
          for (size_t tensor = level.tensors.size() - one.tensors.size(); tensor < level.tensors.size(); ++tensor) {
            relays.push_back({call(-1, relay, name, {}, {}), 0});
            level.reads.push_back({relays.back().node, tensor, tensor + 1});
          }
          const auto training = one.attrs.find("training");
          const bool inference = training != one.attrs.end() && training->second == Value(false);
          inference_ += inference ? 1 : 0;
          mine.made.push_back({no_node, model_inside(dict, name, relays)});
          inference_ -= inference ? 1 : 0;
        }
        continue;
      }
      const int32_t index = layer(dict, name);
      for (const Value& node : *nodes->get<List>()) {
        ParsedCall one = layer_call(node, cls, place(name));
        share(one.tensors);
        const Name own = graph_.layers[static_cast<size_t>(index)].name;
        const std::string op = "keras/" + graph_.layers[static_cast<size_t>(index)].cls;
        const NodeId node_id = call(index, op, own, {}, std::move(one.attrs));
        level.call(mine, node_id, std::move(one));
      }
    }
    const auto edge = [&](const Reference& reference, const std::string& reader) {
      const auto found = level.called.find(reference.layer);
      if (found == level.called.end()) {
        throw Error(Status::format, "reads the layer '" + base::escaped(reference.layer) + "', which does not exist",
                    place(reader));
      }
      if (reference.call < 0 || static_cast<size_t>(reference.call) >= found->second.made.size()) {
        throw Error(Status::format,
                    "reads call " + std::to_string(reference.call) + " of the layer '" + base::escaped(reference.layer) +
                        "', which has " + std::to_string(found->second.made.size()) + " calls",
                    place(reader));
      }
      const Made& made = found->second.made[static_cast<size_t>(reference.call)];
      const bool inside = made.node == no_node && static_cast<size_t>(reference.tensor) >= made.results.size();
      if (reference.tensor < 0 || reference.tensor > 4096 || inside)
        throw Error(Status::format, "reads a tensor that does not exist", place(reader));
      const auto tensor = static_cast<size_t>(reference.tensor);
      return made.node == no_node ? made.results[tensor] : Edge{made.node, static_cast<int32_t>(tensor)};
    };
    for (const Reads& one : level.reads) {
      Node& node = graph_.at(one.node);
      node.inputs.reserve(one.end - one.begin);
      for (size_t i = one.begin; i < one.end; ++i) node.inputs.push_back(edge(level.tensors[i], node.name));
      budget_.edges(one.end - one.begin);
    }
    for (const auto& [id, one] : level.more) {
      for (size_t i = 0; i < one.constants.size(); ++i) {
        budget_.nodes(1);
        const Edge constant = ir::add_constant(graph_, node_name(graph_.at(id).name + "/constant"), one.constants[i]);
        std::vector<Edge>& inputs = graph_.at(id).inputs;
        const size_t place = i < one.places.size() ? std::min(one.places[i], inputs.size()) : inputs.size();
        inputs.insert(inputs.begin() + static_cast<std::ptrdiff_t>(place), constant);
      }
      budget_.edges(one.constants.size());
    }
    for (const auto& [id, one] : level.more) {
      masked_ = masked_ || !one.masks.empty();
      for (const Reference& mask : one.masks) {
        if (!is_implicit_mask(graph_, edge(mask, graph_.at(id).name), graph_.at(id).inputs.front(), registry_))
          throw Error(Status::unsupported, "a mask that Keras does not compute by itself", place(graph_.at(id).name));
      }
    }
    give_results(level.reads);
    Ends out;
    for (const auto& [key, to] : {std::pair("input_layers", &out.inputs), std::pair("output_layers", &out.outputs)}) {
      std::vector<Reference> ends = parse_references(wanted_any(config, key), place(key));
      for (Reference& reference : ends) {
        if (level.counted.contains(reference.layer)) --reference.call;
        to->emplace_back(reference.layer, edge(reference, key));
      }
      if (to == &out.outputs) remember_order(level, ends);
    }
    return out;
  }

  /// Keras' order of the layers of a model, all of whose references exist.
  void remember_order(const Level& level, const std::vector<Reference>& outputs) {
    if (nesting_.children.contains(scope_)) return;
    const auto made_by = [&](const Reference& one) {
      const auto found = level.called.find(one.layer);
      if (found == level.called.end() || static_cast<size_t>(one.call) >= found->second.numbers.size())
        throw Error(Status::unsupported, "calls of an operation that cannot all be read", place(one.layer));
      return Edge{static_cast<NodeId>(found->second.numbers[static_cast<size_t>(one.call)]), 0};
    };
    Graph calls;
    calls.nodes.resize(level.ends.size());
    for (size_t call = 0; call < level.ends.size(); ++call) {
      for (size_t i = level.begin_of(call); i < level.ends[call]; ++i)
        calls.nodes[call].inputs.push_back(made_by(level.tensors[i]));
    }
    for (const Reference& one : outputs) calls.outputs.push_back({one.layer, made_by(one)});
    std::vector<Nesting::Child>& out = nesting_.children[scope_];
    for (const size_t index : model_layer_order(calls, level.child_of, level.children.size())) {
      const Nesting::Child& child = level.children[index];
      if (!child.name.empty() && child.cls != "InputLayer") out.push_back(child);
    }
  }

  /// The calls of an operation of Keras 3, or of a function of TensorFlow in Keras 2; false for other layers.
  bool operations(const Dict& dict, const Dict& config, const std::string& name, const List& nodes, Called& mine,
                  Level& level) {
    const std::string cls = text_or_empty(dict, "class_name");
    // In an .h5 they have no module: Keras 3.4 to 3.8 put casts of mixed precision there.
    const bool bare = !entry(dict, "module") && !nodes.empty() && nodes[0].get<Dict>() && !registry_.layer(cls);
    const bool operation = text_or_empty(dict, "module").starts_with("keras.src.ops") || (bare && cards::keras_op(cls));
    const bool slicing = cls == "SlicingOpLambda", raw = cls == "TensorFlowOpLayer";
    if (!operation && !slicing && !raw && cls != "TFOpLambda") return false;
    std::vector<ParsedOperation> all;
    for (const Value& node : nodes) {
      auto one = operation ? parse_operation(cls, config, node, place(name))
                 : slicing ? parse_slicing(node, place(name))
                 : raw     ? parse_tf_op(config, node, place(name))
                           : parse_lambda(config, node, place(name));
      if (!one) return false;
      all.push_back(std::move(*one));
      share(all.back().tensors);
    }
    for (ParsedOperation& one : all) {
      const NodeId node = call(-1, one.op, name, {}, std::move(one.attrs));
      level.call(mine, node, ParsedCall{std::move(one.tensors), {}, {}, std::move(one.constants), std::move(one.places)});
    }
    return true;
  }

  /// Operations have as many results as others read.
  void give_results(const std::vector<Reads>& reads) {
    for (const Reads& one : reads) {
      for (const Edge& edge : graph_.at(one.node).inputs) {
        Node& node = graph_.at(edge.node);
        const auto port = static_cast<size_t>(edge.port);
        if (node.outputs.size() <= port && (port > 0 || node.layer < 0) && node.op != "ir/Input") node.outputs.resize(port + 1);
      }
    }
  }

  const Value& wanted_any(const Dict& config, const char* key) const {
    const Value* value = entry(config, key);
    if (!value) throw Error(Status::format, std::string("\"") + key + "\" is missing in the config", place());
    return *value;
  }

  void ports(const char* key, const std::vector<std::pair<std::string, Edge>>& ends, std::vector<Port>& out) {
    std::set<std::string> names;
    for (const auto& [layer, edge] : ends) {
      std::string name = layer;
      for (int number = 1; !names.insert(name).second; ++number) name = layer + "_" + std::to_string(number);
      out.push_back({name, edge});
      Node& node = graph_.at(edge.node);
      const auto port = static_cast<size_t>(edge.port);
      if (port > 0 && node.outputs.size() <= port) node.outputs.resize(port + 1);
    }
    if (out.empty()) throw Error(Status::format, std::string("the model's list of ") + key + " is empty", place());
  }

  /// What reads a relay reads what it stands for.
  void drop_relays() {
    ir::Rewire rewire(graph_);
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      Node& node = graph_.nodes[i];
      if (node.op != relay) continue;
      const Edge own{static_cast<NodeId>(i), 0};
      const Edge behind = rewire.now(node.inputs.at(0));
      if (behind == own) throw Error(Status::format, "a model inside the model is called on itself", place());
      rewire.set(own, behind);
      node.dead = true;
    }
    if (rewire.empty()) return;
    rewire.apply();
    graph_.compact();
  }

  base::Budget& budget_;
  const Registry& registry_;
  const std::string& path_;
  Graph graph_;
  Nesting& nesting_;
  List* own_ = nullptr;  ///< layers of the outermost model
  LayerPath scope_;      ///< names of the models around what is read
  ir::Sharing sharing_;
  std::map<LayerPath, int32_t> layer_at_;
  std::set<Name, std::less<>> node_names_, layer_names_, outer_names_;
  std::map<std::string, int, std::less<>> copies_of_;  ///< all numbers up to it are taken
  bool masked_ = false;                                ///< what computes masks is not needed
  int inference_ = 0;                                  ///< models around that are called with training=False
  int symbols_ = 0, copies_ = 0;
};

}  // namespace

Graph read_model_dict(Value model, base::Budget& budget, const Registry& registry, const std::string& path, Nesting& nesting) {
  return Reader(budget, registry, path, nesting).read(std::move(model));
}

void name_flattened(Model& model, const Nesting& nesting) {
  for (const auto& [path, children] : nesting.children) {
    if (!path.empty())
      model.lossy.emplace_back(path.back(),
                               "the model '" + base::escaped(path.back()) + "' inside the model becomes its layers");
  }
}

void bind_weights(Graph& graph, const Registry& registry, const std::string& path) {
  for (Layer& layer : graph.layers) {
    if (layer.slots.empty()) slot_names(layer, 0, {}, registry, path);
    const LayerCard* card = registry.layer(layer.cls);
    if (card && card->settle_fn && !layer.slots.empty()) card->settle_fn(layer);
    if (const Slot* wrong = cards::misfit(layer, cards::slots_of(layer, registry), registry))
      throw Error(Status::format, "the config does not make a " + wrong->name + " of " + Shape::of(wrong->value.dims).text(),
                  {path, {}, layer.name});
    for (Slot& slot : layer.slots) {
      const auto spec = cards::spec_of(layer, slot.name, registry);
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
