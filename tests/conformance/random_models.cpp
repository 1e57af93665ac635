// Random models through both round trips: layers → file → ops → file → layers, and ops → file → layers → file → ops.
//
//     keraft_random_models COUNT [FIRST_SEED] [FOLDER]
//
// A model is grown from the samples of the layer cards: each layer goes behind tensors that its sample fits. What comes back
// must have the same layers under the same names, with the same configs, weights and connections, the second graph the same
// nodes as the first, and both must compute the same. Prints each difference with its seed. Exit 1 if a model computes
// something else, or more than one in a thousand becomes other layers that compute the same, as two whose ops grow together
// can.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>
#include <sstream>

#include "cards/infer.h"
#include "keraft/convert.hpp"
#include "keraft/error.hpp"
#include "keraft/verify.hpp"
#include "layer_weights.h"
#include "lower/lower.h"

using namespace keraft;
namespace fs = std::filesystem;

namespace {

using Random = std::mt19937;

size_t below(Random& random, size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random); }

struct Choice {
  const LayerCard* card;
  const LayerCard::Sample* sample;
};

/// Layers that are not tried, each for the reason given.
const std::map<std::string, const char*> left_out = {
    {"Embedding", "its inputs are numbers of rows, not any floats"},
    {"ReLU", "without a maximum it is the function of an Activation"},
    {"Dot", "transposes before it become its axes, norms before it its `normalize`"},
    {"Resizing", "by whole numbers it is UpSampling2D, of the same aspect it crops nothing"},
};

/// Configs that a graph does not tell, or tells as another layer's.
bool is_ambiguous(const LayerCard::Sample& sample) {
  const auto is = [&](const char* field, const Value& value) {
    const auto at = sample.config.find(field);
    return at != sample.config.end() && at->second == value;
  };
  return is("data_format", "channels_first")  // a graph's images get their channels last, with Permute layers around
         || is("equation", "...c,c->...c")    // frozen, it is a Rescaling
         || is("use_scale", true);            // frozen, the scale of an Attention is any number
}

/// What can be put behind tensors of numbers: told in ops, found in ops, and of floats alone.
std::vector<Choice> choices() {
  std::vector<Choice> out;
  for (const LayerCard* card : Registry::builtin().layers()) {
    if (!card->lowers() || (card->rules.empty() && card->finders.empty()) || left_out.contains(card->cls)) continue;
    if (card->inference_identity) continue;  // in use it is nothing
    for (const auto& sample : card->samples) {
      if (!is_ambiguous(sample)) out.push_back({card, &sample});
    }
  }
  return out;
}

struct Tensors {
  Edge edge;
  std::vector<int64_t> dims;  ///< behind the batch
};

class Grower {
 public:
  explicit Grower(uint32_t seed) : random_(seed) {
    graph_.name = "model";
    const size_t inputs = 1 + below(random_, 2);
    for (size_t i = 0; i < inputs; ++i) add_input(i);
  }

  Graph grow() {
    static const std::vector<Choice> all = choices();
    const size_t wanted = 1 + below(random_, 9);
    for (size_t tries = 0; graph_.layers.size() < wanted && tries < 400; ++tries) try_layer(all[below(random_, all.size())]);
    std::set<Edge> read;
    for (const Node& node : graph_.nodes) read.insert(node.inputs.begin(), node.inputs.end());
    for (const Tensors& tensor : tensors_) {
      if (!read.contains(tensor.edge) && graph_.at(tensor.edge.node).layer >= 0)
        graph_.outputs.push_back({graph_.at(tensor.edge.node).name, tensor.edge});
    }
    std::erase_if(graph_.inputs, [&](const Port& port) { return !read.contains(port.edge); });
    graph_.prune();
    graph_.compact();
    return std::move(graph_);
  }

 private:
  void add_input(size_t index) {
    Node node;
    node.name = "in" + std::to_string(index);
    node.op = "ir/Input";
    std::vector<int64_t> dims(1 + below(random_, 3));
    for (int64_t& size : dims) size = static_cast<int64_t>(2 + below(random_, 8));
    Dims shape{Dim::symbol("B")};
    shape.insert(shape.end(), dims.begin(), dims.end());
    node.outputs = {{DType::f32, Shape(shape)}};
    const Edge edge{graph_.add(std::move(node)), 0};
    graph_.inputs.push_back({"in" + std::to_string(index), edge});
    tensors_.push_back({edge, dims});
  }

  /// Tensors that the sample's inputs may be: of their ranks, of one shape where the sample's are.
  bool choose_inputs(const LayerCard::Sample& sample, std::vector<Tensors>& out) {
    for (const auto& wanted : sample.inputs) {
      std::vector<Tensors> fitting;
      for (const Tensors& tensor : tensors_) {
        const bool taken = std::any_of(out.begin(), out.end(), [&](const Tensors& one) { return one.edge == tensor.edge; });
        if (!taken && tensor.dims.size() + 1 == wanted.size() &&
            (out.empty() || sample.inputs[0] != wanted || tensor.dims == out[0].dims))
          fitting.push_back(tensor);
      }
      if (fitting.empty()) return false;
      out.push_back(fitting[below(random_, fitting.size())]);
    }
    return true;
  }

  /// Random numbers that neither vanish nor explode from layer to layer, and are no norm's ones and zeros.
  Tensor values(const std::string& slot, std::vector<int64_t> dims) {
    const bool vector = dims.size() < 2, positive = slot.find("variance") != std::string::npos;
    const auto fan = vector ? 1 : std::max<int64_t>(1, element_count(dims) / std::max<int64_t>(1, dims.back()));
    const float reach = vector ? 1.3F : std::sqrt(3 / static_cast<float>(fan));
    std::uniform_real_distribution<float> some(positive ? 0.4F : -reach, positive ? 1.6F : reach);
    std::vector<float> out(static_cast<size_t>(element_count(dims)));
    for (float& value : out) value = some(random_);
    return make_tensor<float>(DType::f32, std::move(dims), out);
  }

  void try_layer(const Choice& choice) {
    std::vector<Tensors> inputs;
    if (!choose_inputs(*choice.sample, inputs)) return;
    if ((!choice.card->folds_field.empty() || !choice.card->functions.empty()) && takes_function(inputs[0].edge)) return;
    if (may_be_one(choice.card->cls, inputs)) return;
    if (!fits(*choice.sample, inputs[0].dims)) return;
    const size_t weights = graph_.weights.size();
    Layer layer;
    layer.name = "l" + std::to_string(graph_.layers.size()) + "_" + choice.card->cls;
    layer.cls = choice.card->cls;
    layer.config = choice.sample->config;
    for (const char* field : {"units", "filters"}) {
      if (layer.config.contains(field)) layer.config[field] = static_cast<int64_t>(1 + below(random_, 7));
    }
    if (const auto at = layer.config.find("groups"); at != layer.config.end() && layer.config.contains("filters"))
      layer.config["filters"] = *at->second.get<int64_t>() * *layer.config["filters"].get<int64_t>();
    conformance::complete(layer, *choice.card);
    Node call;
    call.name = layer.name;
    call.op = "keras/" + layer.cls;
    call.layer = static_cast<int32_t>(graph_.layers.size());
    for (const Tensors& one : inputs) call.inputs.push_back(one.edge);
    std::vector<int64_t> sizes{2};
    sizes.insert(sizes.end(), inputs[0].dims.begin(), inputs[0].dims.end());
    try {
      conformance::give_weights(
          graph_, layer, sizes, choice.sample->weights,
          [&](const std::string& slot, std::vector<int64_t> dims) { return values(slot, std::move(dims)); });
    } catch (const std::exception&) {  // the sample wants other sizes
      graph_.weights.resize(weights);
      return;
    }
    graph_.layers.push_back(std::move(layer));
    const Edge made{graph_.add(std::move(call)), 0};
    const auto dims = dims_of(made);
    const bool moves = choice.card->cls == "Reshape" || choice.card->cls == "Permute" || choice.card->cls == "Flatten" ||
                       choice.card->cls == "CenterCrop";
    if (dims && !(moves && *dims == inputs[0].dims)) {  // such a move may be none
      tensors_.push_back({made, *dims});
      return;
    }
    graph_.nodes.pop_back();
    graph_.layers.pop_back();
    graph_.weights.resize(weights);
  }

  /// Layers in a row that compute what one could: a graph does not tell them apart.
  bool may_be_one(const std::string& cls, const std::vector<Tensors>& inputs) const {
    static const std::set<std::string> affine{"Rescaling", "Normalization"}, merges{"Add", "Subtract", "Multiply"};
    const auto op = [&](Edge edge) { return graph_.at(edge.node).op; };
    for (const Tensors& one : inputs) {
      const std::string before = op(one.edge);
      if (before == "keras/" + cls || (cls == "Flatten" && before == "keras/Permute")) return true;  // channels first
      if (affine.contains(cls) && before.starts_with("keras/") && affine.contains(before.substr(6))) return true;
      // x · sigmoid(x), x - tanh(x) and the like are functions.
      const auto is_input = [&](const Tensors& x) { return graph_.at(one.edge.node).inputs[0] == x.edge; };
      if (merges.contains(cls) && before == "keras/Activation" && std::any_of(inputs.begin(), inputs.end(), is_input))
        return true;
    }
    return false;
  }

  /// Of groups as many channels as there must be; an axis that is the last one is not said by its number.
  static bool fits(const LayerCard::Sample& sample, const std::vector<int64_t>& dims) {
    const auto number = [&](const char* field) {
      const auto at = sample.config.find(field);
      return at != sample.config.end() && at->second.get<int64_t>() ? *at->second.get<int64_t>() : 0;
    };
    return (number("groups") < 2 || dims.back() % number("groups") == 0) &&
           (number("axis") < 1 || number("axis") != static_cast<int64_t>(dims.size()));
  }

  /// Is it what a layer makes that can hold the next function as its activation?
  bool takes_function(Edge edge) const {
    const int32_t layer = graph_.at(edge.node).layer;
    if (layer < 0) return false;
    const LayerCard& card = *Registry::builtin().layer(graph_.layers[static_cast<size_t>(layer)].cls);
    return card.field("activation") != nullptr;
  }

  /// Sizes behind the batch of what a new layer makes; nothing where the layer does not fit.
  std::optional<std::vector<int64_t>> dims_of(Edge edge) {
    Graph whole = graph_;
    whole.outputs = {{"y", edge}};
    try {
      Graph ops = lower::lower(whole, Registry::builtin());
      infer_types(ops, Registry::builtin(), {});
      const TensorType type = ops.type(ops.outputs[0].edge);
      if (type.dtype != DType::f32 || !type.shape.has_rank() || type.shape.rank() < 2 || type.shape.rank() > 5) return {};
      if (type.shape.dims()[0].text() != "B") return {};  // what takes examples together is no layer's use
      std::vector<int64_t> out;
      for (size_t i = 1; i < static_cast<size_t>(type.shape.rank()); ++i) {
        const Dim& size = type.shape.dims()[i];
        if (!size.known() || size.value() < 2 || size.value() > 64) return {};
        out.push_back(size.value());
      }
      return out;
    } catch (const Error&) {
      return {};
    }
  }

  Random random_;
  Graph graph_;
  std::vector<Tensors> tensors_;
};

std::string call_text(const Graph& graph, const Node& node) {
  std::string out;
  for (const Edge& edge : node.inputs)
    out += (out.empty() ? "" : ", ") + graph.at(edge.node).name + ":" + std::to_string(edge.port);
  return out;
}

/// The classes of layers whose names the other has not.
std::string only_in(const Graph& graph, const Graph& other) {
  std::set<std::string> names;
  for (const Layer& layer : other.layers) names.insert(layer.name);
  std::string out;
  for (const Layer& layer : graph.layers) {
    if (!names.contains(layer.name)) out += " " + layer.cls;
  }
  return out.empty() ? " none" : out;
}

/// What is different about the layers; empty: nothing.
std::string different_layers(const Graph& a, const Graph& b) {
  std::map<std::string, const Layer*> others;
  for (const Layer& layer : b.layers) others[layer.name] = &layer;
  if (a.layers.size() != b.layers.size()) return "layers " + only_in(a, b) + ", then " + only_in(b, a);
  for (const Layer& layer : a.layers) {
    const auto at = others.find(layer.name);
    if (at == others.end()) return "no layer " + layer.name;
    const Layer& other = *at->second;
    if (layer.cls != other.cls) return layer.name + " is " + other.cls;
    if (Value(layer.config).text() != Value(other.config).text())
      return layer.name + ": " + Value(layer.config).text() + ", then " + Value(other.config).text();
    if (layer.slots.size() != other.slots.size()) return layer.name + ": another number of weights";
    for (size_t i = 0; i < layer.slots.size(); ++i) {
      if (layer.slots[i].name != other.slots[i].name || !same_contents(layer.slots[i].value, other.slots[i].value))
        return layer.name + ": " + layer.slots[i].name + " differs";
    }
  }
  std::map<std::string, std::string> calls;
  for (const Node& node : b.nodes) calls[node.name] = call_text(b, node);
  for (const Node& node : a.nodes) {
    const auto at = calls.find(node.name);
    if (at == calls.end()) return "no call " + node.name;
    if (at->second != call_text(a, node)) return node.name + " reads " + call_text(a, node) + ", then " + at->second;
  }
  return {};
}

std::set<std::string> lines_of(const Graph& graph) {
  std::set<std::string> out;
  std::istringstream text(graph.print());
  for (std::string line; std::getline(text, line);) {
    const size_t number = line.find("ir/Weight(weight=");  // which is a matter of order
    out.insert(number == std::string::npos ? line : line.substr(0, number) + line.substr(line.find(')', number)));
  }
  return out;
}

/// The nodes in any order; what the kind of file says of them is the same for both.
std::string different_ops(const Graph& a, const Graph& b) {
  const auto left = lines_of(a), right = lines_of(b);
  for (const std::string& line : left) {
    if (!right.contains(line)) return "no more: " + line;
  }
  for (const std::string& line : right) {
    if (!left.contains(line)) return "new: " + line;
  }
  return {};
}

constexpr Kind keras_kinds[] = {Kind::keras_v3, Kind::keras_h5};
constexpr Kind graph_kinds[] = {Kind::graphdef, Kind::graphdef_text, Kind::meta_graph, Kind::saved_model};

std::string file_name(const fs::path& folder, const char* stem, Kind kind) {
  const char* ends[] = {"", ".pb", ".pbtxt", "_saved", ".meta", "", ".h5", ".keras"};
  return (folder / (std::string(stem) + ends[static_cast<size_t>(kind)])).string();
}

struct Trip {
  fs::path folder;
  Control control;

  Model through(const Model& model, const char* stem, Kind kind) const {
    const std::string path = file_name(folder, stem, kind);
    fs::remove_all(path);
    write(model, path, kind, {}, control);
    return load(path, {}, control);
  }
  Model to(Language language, const Model& model) const {
    ConvertOptions options;
    options.to = language;
    Conversion made = convert(model, options, control);
    if (made.report.status == "ok") return std::move(made.model);
    std::string what = "not converted:";
    for (const auto& one : made.report.unsupported) what += " " + one.op;
    throw Error(Status::unsupported, what, {});
  }
};

struct Outcome {
  std::string wrong;   ///< what is computed otherwise, or not at all; empty: nothing
  std::string others;  ///< the layers that became others; empty: none
};

Outcome tried(const Graph& graph, uint32_t seed, const fs::path& folder) {
  const Trip trip{folder, {}};
  const Kind keras = keras_kinds[seed % 2], ops = graph_kinds[seed / 2 % 4];
  Model made;
  made.kind = Kind::keras_v3;
  made.graph = graph;
  try {
    const Model layers = trip.through(made, "a", keras);
    const Model first = trip.through(trip.to(Language::tensorflow, layers), "b", ops);
    const Model again = trip.through(trip.to(Language::keras, first), "c", keras);
    VerifyOptions options;
    options.samples = 1;
    options.rtol = 1e-5;
    const Verification compared = verify(layers, again, options, trip.control);
    if (!compared.equal) return {"outputs differ by " + std::to_string(compared.max_rel), {}};
    if (std::string found = different_layers(layers.graph, again.graph); !found.empty()) return {{}, found};
    const Model second = trip.through(trip.to(Language::tensorflow, again), "d", ops);
    return {different_ops(first.graph, second.graph), {}};
  } catch (const Error& error) {
    return {error.what(), {}};
  }
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int at, uint32_t otherwise) {
    return count > at ? static_cast<uint32_t>(std::stoul(arguments[at])) : otherwise;
  };
  const uint32_t models = number(1, 100), first = number(2, 1);
  const fs::path folder = count > 3 ? fs::path(arguments[3]) : fs::temp_directory_path() / "keraft-random-models";
  fs::create_directories(folder);
  size_t layers = 0, failed = 0, others = 0;
  uint32_t empty = 0;
  std::map<std::string, size_t> classes;
  for (uint32_t seed = first; seed < first + models; ++seed) {
    const Graph graph = Grower(seed).grow();
    if (graph.layers.empty()) {
      ++empty;
      continue;
    }
    layers += graph.layers.size();
    for (const Layer& layer : graph.layers) ++classes[layer.cls];
    const Outcome outcome = tried(graph, seed, folder);
    if (!outcome.wrong.empty()) std::cout << "FAIL " << seed << ": " << outcome.wrong << "\n";
    if (!outcome.others.empty()) std::cout << "OTHER " << seed << ": " << outcome.others << "\n";
    failed += !outcome.wrong.empty();
    others += !outcome.others.empty();
  }
  const uint32_t grown = models - empty;
  std::cout << grown << " models, " << layers << " layers of " << classes.size() << " classes: " << failed << " wrong, "
            << others << " of other layers\n";
  return failed == 0 && grown > 0 && others * 1000 <= grown ? 0 : 1;
}
