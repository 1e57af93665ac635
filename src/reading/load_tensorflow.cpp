#include "reading/load_tensorflow.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/file.h"
#include "base/storage.h"
#include "base/string.h"
#include "formats/checkpoint/checkpoint.h"
#include "formats/graphdef/endpoints.h"
#include "formats/graphdef/functions.h"
#include "formats/graphdef/machinery.h"
#include "formats/meta_graph/meta_graph.h"
#include "formats/saved_model/keras_notes.h"
#include "formats/saved_model/saved_model.h"
#include "normalise/inline_calls.h"
#include "reading/parsed_examples.h"
#include "reading/tensorflow_file.h"
#include "reading/trained.h"
#include "reading/variables.h"
#include "training/averages.h"
#include "training/find.h"
#include "training/terms.h"
#include "weights/bind_variables.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

/// "output_2" before "output_10".
bool natural_less(const std::string& a, const std::string& b) {
  size_t i = 0, j = 0;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto run = [&](const std::string& text, size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const size_t begin = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(begin, at - begin);
      };
      const std::string left = run(a, i), right = run(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i, ++j;
  }
  return a.size() - i < b.size() - j;
}

class Loader {
 public:
  Loader(const std::string& path, const LoadOptions& options, const Control& control, std::map<std::string, DType>& promised)
      : path_(path), options_(options), control_(control), promised_(promised), budget_(control) {}

  Model run(Kind kind) {
    model_.path = path_;
    model_.kind = kind;
    if (kind == Kind::checkpoint) {
      const std::string prefix = checkpoint_prefix(path_);
      if (!base::exists(prefix + ".meta")) return weights_alone(prefix);
      model_.kind = Kind::meta_graph;
      file_ = prefix + ".meta";
    } else {
      if (kind == Kind::saved_model && base::is_folder(path_) && !options_.follow_links) root_ = path_;
      file_ = kind == Kind::saved_model && base::is_folder(path_) ? path_ + "/" + saved_model_file(path_) : path_;
    }
    stage("reading");
    open();
    build();
    return std::move(model_);
  }

 private:
  [[noreturn]] void fail(Status status, const std::string& what) const { throw Error(status, what, {path_, {}, {}}); }

  void stage(const char* name) const {
    check(control_);
    if (control_.progress) control_.progress(name, 0);
  }

  void open() {
    const auto file = root_.empty() ? base::File::open(file_) : base::File::open_beneath(root_, file_.substr(root_.size() + 1));
    const auto content = content_of(file);
    if (!content) fail(Status::format, "this is no TensorFlow graph");
    std::shared_ptr<const Storage> bytes;
    if (content->text) {
      const uint64_t limit = control_.limits.bytes / 8;
      budget_.bytes(file->size() * 4);
      const auto kind = content->message == Message::graph        ? wire::TextKind::graph
                        : content->message == Message::meta_graph ? wire::TextKind::meta_graph
                                                                  : wire::TextKind::saved_model;
      const std::string binary = wire::binary_of_text(kind, file->text(limit), {file_, {}, {}}, budget_.max_depth());
      const auto* data = reinterpret_cast<const std::byte*>(binary.data());
      bytes = base::memory(std::vector<std::byte>(data, data + binary.size()));
      budget_.release(file->size() * 3);
    } else {
      bytes = base::file_range(file, 0, file->size());
    }
    source_ = std::make_shared<wire::Source>(std::move(bytes), file_);
    reader_.emplace(source_, budget_);
    wire::Scan whole(*source_);
    switch (content->message) {
      case Message::graph:
        meta_.graph = reader_->graph(whole);
        model_.kind = content->text ? Kind::graphdef_text : Kind::graphdef;
        break;
      case Message::meta_graph:
        meta_ = read_meta_graph(*reader_, whole, budget_);
        model_.kind = Kind::meta_graph;
        break;
      case Message::saved_model:
        meta_ = read_meta_graph(*reader_, choose_meta_graph(*source_, options_.tags), budget_);
        model_.kind = Kind::saved_model;
        break;
    }
    if (meta_.graph.nodes.empty()) fail(Status::format, "the file holds no nodes");
    const int producer = meta_.graph.versions.producer;
    if (!meta_.info.tensorflow.empty()) {
      model_.producer = "TensorFlow " + base::escaped(meta_.info.tensorflow) +
                        (producer ? " (producer " + std::to_string(producer) + ")" : "");
    } else if (producer) {
      model_.producer = "TensorFlow (producer " + std::to_string(producer) + ")";
    }
    for (const auto& [key, signature] : meta_.signatures) model_.signatures.push_back(key);
  }

  std::string prefix() const {
    if (!options_.checkpoint.empty()) return checkpoint_prefix(options_.checkpoint);
    if (model_.kind == Kind::saved_model) {
      const std::string folder = base::is_folder(path_)                 ? path_
                                 : path_.find('/') == std::string::npos ? "."
                                                                        : path_.substr(0, path_.rfind('/'));
      return folder + "/variables/variables";
    }
    const size_t dot = file_.rfind('.');
    return dot == std::string::npos || file_.find('/', dot) != std::string::npos ? file_ : file_.substr(0, dot);
  }

  const wire::Signature* signature() {
    if (meta_.signatures.empty()) {
      if (!options_.signature.empty()) fail(Status::argument, "the file has no signatures");
      return nullptr;
    }
    std::string all;
    for (const std::string& key : model_.signatures) all += (all.empty() ? "" : ", ") + base::escaped(key);
    if (!options_.signature.empty()) {
      const auto found = meta_.signatures.find(options_.signature);
      if (found == meta_.signatures.end())
        fail(Status::argument, "no signature '" + base::escaped(options_.signature) + "'; there are: " + all);
      return &found->second;
    }
    const auto serving = meta_.signatures.find("serving_default");
    if (serving != meta_.signatures.end()) return &serving->second;
    if (meta_.signatures.size() == 1) return &meta_.signatures.begin()->second;
    if (!options_.outputs.empty()) return nullptr;
    fail(Status::format, "several signatures; choose one with --signature: " + all);
  }

  /// The order that Keras notes; nothing for other models. What it notes is no part of the graph: damaged, it says nothing.
  KerasOrder noted_order() {
    if (model_.kind != Kind::saved_model || !base::is_folder(path_)) return {};
    try {
      base::Budget budget(control_);
      return keras_order(keras_notes(path_, root_, meta_.objects ? &*meta_.objects : nullptr), budget);
    } catch (const Error& error) {
      if (error.status() != Status::format && error.status() != Status::memory) throw;
      return {};
    }
  }

  std::vector<Port> ports(const std::map<std::string, wire::TensorInfo>& tensors, const std::vector<std::string>& noted,
                          const Graph& graph) const {
    std::vector<std::string> keys;
    for (const auto& [key, info] : tensors) keys.push_back(key);
    std::sort(keys.begin(), keys.end(), natural_less);
    if (noted.size() == keys.size() && std::is_permutation(noted.begin(), noted.end(), keys.begin())) keys = noted;
    std::vector<Port> out;
    for (const std::string& key : keys) {
      const std::string& name = tensors.at(key).name;
      if (name.empty())
        throw Error(Status::unsupported,
                    "a sparse or composite tensor in the signature; name plain tensors with --inputs and --outputs",
                    {path_, {}, key});
      try {
        Port port = named(graph, {name}, {}, path_)[0];
        port.name = key;
        out.push_back(std::move(port));
      } catch (const Error&) {
        throw Error(Status::format, "the signature's tensor '" + base::escaped(name) + "' is not in the graph",
                    {path_, {}, key});
      }
    }
    return out;
  }

  std::map<std::string, TensorType> types(const wire::Signature& chosen) const {
    std::map<std::string, TensorType> out;
    int symbols = 0;
    for (const auto& [key, info] : chosen.inputs) {
      out.emplace(key, TensorType{info.dtype, wire::shape_of(info.shape, [&] { return "S" + std::to_string(++symbols); })});
    }
    return out;
  }

  void build() {
    stage("building the graph");
    OpTable ops{options_.registry, std::move(meta_.info.ops)};
    FunctionLibrary functions(*reader_, std::move(meta_.graph.functions), std::move(ops), budget_);
    Graph graph = build_graph(std::move(meta_.graph), options_.registry, file_);
    VariableTable variables(graph, meta_, functions);
    variables.set_checkpoint(prefix(), options_.checkpoint.empty() ? root_ : std::string(), budget_);

    const wire::Signature* chosen = signature();
    std::vector<Port> known_inputs, known_outputs;
    if (chosen) {
      const KerasOrder order = noted_order();
      known_outputs = ports(chosen->outputs, order.outputs, graph);
      known_inputs = ports(chosen->inputs, order.inputs, graph);
    }
    bool late = false;
    if (options_.outputs.empty()) {
      graph.outputs = chosen ? known_outputs : trained_outputs(graph);
      if (graph.outputs.empty()) graph.outputs = chosen ? known_outputs : find_outputs(graph, path_);
    } else {
      try {
        graph.outputs = named(graph, options_.outputs, known_outputs, path_);
      } catch (const Error&) {
        // The name may be one of a node inside a function that the signature calls.
        if (!chosen) throw;
        late = true;
        graph.outputs = known_outputs;
      }
    }
    if (graph.outputs.empty()) fail(Status::format, "the signature has no outputs");
    if (chosen) {
      for (const auto& [key, info] : chosen->outputs) promised_.emplace(key, info.dtype);
    }
    graph.inputs = known_inputs;
    model_.cut_off = cut_off(graph);
    read_training(graph, variables, functions);
    graph.prune();
    graph.compact();
    known_inputs = std::exchange(graph.inputs, {});

    functions.attach(graph);
    normalise::inline_calls(graph, control_);
    if (late) {
      graph.inputs = known_inputs;
      graph.outputs = named(graph, options_.outputs, graph.outputs, path_);
      graph.inputs.clear();
    }
    std::vector<Port> inputs = known_inputs;
    if (!options_.inputs.empty()) {
      inputs = named(graph, options_.inputs, known_inputs, path_);
    } else if (!chosen || !options_.outputs.empty()) {
      std::vector<Port> found = find_inputs(graph);
      if (chosen) {
        // Only those inputs of the signature that the named outputs need.
        std::erase_if(inputs, [&](const Port& port) {
          return std::none_of(found.begin(), found.end(), [&](const Port& f) { return f.edge == port.edge; });
        });
      } else {
        inputs = std::move(found);
      }
    }
    auto given = chosen ? types(*chosen) : std::map<std::string, TensorType>();
    if (options_.inputs.empty()) note_cut_off("input pipeline", use_parsed_examples(graph, inputs, given));
    make_inputs(graph, std::move(inputs), given, options_, path_);
    graph.compact();
    check_closed(graph);

    stage("reading variables");
    weights::bind_variables(
        graph, [&](const Node& node) { return variables.lookup(node); }, control_);
    if (options_.ema && !variables.used_shadow()) {
      fail(Status::argument, "no moving averages are kept for the model's variables; leave --ema out");
    }
    normalise::inline_calls(graph, control_);
    graph.compact();
    tidy_weights(graph);
    if (!graph.training) read_noted_training(graph, variables);
    model_.unused_variables = variables.unused();
    model_.graph = std::move(graph);
  }

  void note_cut_off(const char* kind, int64_t nodes) {
    if (!nodes) return;
    auto& all = model_.cut_off;
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == kind; });
    if (known == all.end())
      all.emplace_back(kind, nodes);
    else
      known->second += nodes;
  }

  /// What the loss of a training graph compares with targets; nothing when there is no loss, or it is a strange one.
  std::vector<Port> trained_outputs(const Graph& graph) const {
    const auto objectives = gradient_ends(graph, graph.readers());
    const auto found = objectives.size() == 1 ? training::predictions(graph, *objectives.begin(), options_.registry)
                                              : std::optional<std::vector<Edge>>();
    std::vector<Port> out;
    if (!found) return out;
    for (const Edge& edge : *found) out.push_back({graph.at(edge.node).name, edge});
    return out;
  }

  /// Averages, the objective and the optimizer, before they are cut off.
  void read_training(Graph& graph, VariableTable& variables, FunctionLibrary& functions) {
    const training::Source source{options_.registry, control_, [&](const Node& node) { return variables.lookup(node); },
                                  [&](Graph& part) { functions.attach(part); }, &model_.lossy};
    const auto averages = training::find_averages(graph, source);
    if (options_.ema) variables.use_shadows(names(graph, training::shadows(graph, averages, source)));
    if (!options_.infer && !options_.ema) {
      try {
        Training found = training::find(graph, averages, gradient_ends(graph, graph.readers()), source);
        if (found.optimizer || !found.variables.empty()) graph.training = std::move(found);
      } catch (const Error& error) {
        if (error.status() != Status::format && error.status() != Status::mismatch && error.status() != Status::unsupported)
          throw;
        model_.lossy.emplace_back(error.place().name, "how the model was trained cannot be told: " + error.message());
      }
    }
    training::use_averages(graph, averages, source);
  }

  /// What Keras notes of training. As with the order, what is damaged says nothing.
  void read_noted_training(Graph& graph, VariableTable& variables) const {
    const bool whole = options_.inputs.empty() && options_.outputs.empty() && !options_.infer && !options_.ema;
    if (!whole || model_.kind != Kind::saved_model || !base::is_folder(path_) || !variables.found_in()) return;
    if (!options_.signature.empty() && options_.signature != "serving_default") return;
    try {
      base::Budget budget(control_);
      const KerasNotes notes = keras_notes(path_, root_, meta_.objects ? &*meta_.objects : nullptr);
      auto found = read_trained(notes, graph.outputs, *variables.found_in(), options_.registry, budget);
      if (!found) return;
      for (const std::string& key : found->keys) variables.use(key);
      graph.training = std::move(found->training);
    } catch (const Error& error) {
      if (error.status() != Status::format && error.status() != Status::memory) throw;
    }
  }

  static std::map<std::string, std::string> names(const Graph& graph, const std::map<NodeId, NodeId>& nodes) {
    std::map<std::string, std::string> out;
    for (const auto& [variable, shadow] : nodes) out.emplace(graph.at(variable).name, graph.at(shadow).name);
    return out;
  }

  /// Every tensor from outside that the outputs need must be an input.
  void check_closed(const Graph& graph) const {
    std::string open;
    for (const Node& node : graph.nodes) {
      if (node.dead || !is_source(node) || is_training_flag(node) || node.op == "tf/PlaceholderWithDefault") continue;
      open += (open.empty() ? "" : ", ") + base::escaped(node.name);
    }
    if (!open.empty())
      fail(Status::format, "the outputs also depend on tensors that are no inputs: " + open +
                               "; add them to --inputs, or choose other outputs");
  }

  /// Drops weights that no node uses, makes names unique and gives nodes their weight's name where it is free.
  static void tidy_weights(Graph& graph) {
    std::vector<Weight> kept;
    std::map<std::string, int> names, weights;
    for (const Node& node : graph.nodes) ++names[node.name];
    for (const Node& node : graph.nodes) {
      if (node.op == "ir/Weight") ++weights[graph.weights[static_cast<size_t>(node.weight)].name];
    }
    for (Node& node : graph.nodes) {
      if (node.op != "ir/Weight") continue;
      Weight& weight = graph.weights[static_cast<size_t>(node.weight)];
      if (weights[weight.name] > 1) weight.name = node.name;
      if (weight.name != node.name && !names.count(weight.name)) {
        names[weight.name] = 1;
        node.name = weight.name;
      }
      node.weight = static_cast<int32_t>(kept.size());
      kept.push_back(std::move(weight));
    }
    graph.weights = std::move(kept);
  }

  Model weights_alone(const std::string& prefix) {
    const auto checkpoint = Checkpoint::open(prefix, budget_);
    for (const std::string& key : checkpoint->keys()) {
      if (checkpoint->dtype(key) == DType::string) continue;
      Weight weight;
      weight.name = key;
      weight.key = key;
      weight.variable = true;
      weight.value = checkpoint->tensor(key);
      model_.graph.weights.push_back(std::move(weight));
    }
    return std::move(model_);
  }

  const std::string& path_;
  const LoadOptions& options_;
  const Control& control_;
  std::map<std::string, DType>& promised_;
  base::Budget budget_;
  Model model_;
  std::string file_, root_;  ///< root: of a SavedModel, out of which no link may lead
  std::shared_ptr<wire::Source> source_;
  std::optional<GraphReader> reader_;
  MetaGraph meta_;
};

}  // namespace

Model load_tensorflow(const std::string& path, Kind kind, const LoadOptions& options, const Control& control,
                      std::map<std::string, DType>& promised) {
  try {
    return Loader(path, options, control, promised).run(kind);
  } catch (const Error& error) {
    throw error.at({path, {}, {}});
  }
}

}  // namespace keraft::reading
