// The way of the data, on one page.
//
//   load:     formats/*/read → ir → resolve            (what the model means when it is used)
//   convert:  simplify → recover → weights in slots → training → names; or the author's own layers, from metadata that fits
//   write:    formats/*/write
//   run, verify (src/run, src/verify): lower → kernels

#include <algorithm>

#include "base/string.h"
#include "cards/infer.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "compare_authored.h"
#include "emit/keras_code.h"
#include "emit/tensorflow_code.h"
#include "fold_constants.h"
#include "formats/graphdef/raw_nodes.h"
#include "formats/keras/portable_config.h"
#include "formats/python/write.h"
#include "formats/write.h"
#include "ir/operation.h"
#include "ir/share.h"
#include "keraft/convert.hpp"
#include "keraft/model.hpp"
#include "lower/lower.h"
#include "normalise/normalise.h"
#include "reading/authored.h"
#include "reading/read.h"
#include "recover/recover.h"
#include "training/attach.h"

namespace keraft {
namespace {

std::string described(const Graph& graph, const Port& port) {
  const TensorType type = graph.type(port.edge);
  return port.name + " " + std::string(name_of(type.dtype)) + " " + type.shape.text();
}

Report::Side side(const Model& model) {
  Report::Side out;
  out.path = model.path;
  out.kind = name_of(model.kind);
  out.producer = model.producer;
  for (const Port& port : model.graph.inputs) out.inputs.push_back(described(model.graph, port));
  for (const Port& port : model.graph.outputs) out.outputs.push_back(described(model.graph, port));
  return out;
}

LayerReport describe_operation(const Node& node, const OpCard* card) {
  LayerReport out;
  out.name = node.name;
  out.cls = node.op.substr(node.op.find('/') + 1);
  out.from = node.from;
  out.how = "ops";
  out.fidelity = name_of(card ? card->how : Fidelity::approximate);
  return out;
}

LayerReport describe(const Graph& graph, const Node& call, const Registry& registry) {
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  LayerReport out;
  out.name = layer.name;
  out.cls = layer.cls;
  out.from = call.from;
  out.how = layer.how;
  out.fidelity = name_of(cards::fidelity_of(layer, registry));
  for (const Slot& slot : layer.slots) {
    WeightReport weight;
    weight.slot = slot.name;
    weight.shape = slot.value.dims;
    const auto spec = cards::spec_of(layer, slot.name, registry);
    weight.trainable = layer.trainable && (!spec || spec->trainable);
    if (slot.weight >= 0) {
      const Weight& source = graph.weights[static_cast<size_t>(graph.root(slot.weight))];
      weight.variable = source.name;
      weight.evidence = source.evidence;
    }
    out.weights.push_back(std::move(weight));
  }
  return out;
}

TrainingReport describe(const Training& training) {
  TrainingReport out;
  if (training.optimizer) {
    out.optimizer = training.optimizer->cls;
    out.iterations = training.optimizer->iterations;
  }
  for (const Loss& loss : training.losses) out.loss += (out.loss.empty() ? "" : ", ") + loss.cls;
  for (const auto& [key, variable] : training.variables) out.variables += variable.stepped ? 1 : 0;
  return out;
}

/// Recovers layers. Arithmetic of constants that is in the way of more layers is computed, and recovery done again.
std::set<std::string> recover_from(const Model& source, const ConvertOptions& options, Model& model, const Control& control) {
  const Registry& registry = source.registry;
  std::set<std::string> relaid;
  const auto attempt = [&](Model& out) {
    relaid.clear();
    normalise::simplify(
        {out.graph, registry, control, false, out.lossy, options.keep_data_format, options.unfold_norms, &relaid});
    recover::recover_layers(out.graph, registry, control);
    recover::drop_casts(out.graph);
    recover::fold_functions(out.graph, registry);
    recover::gather_layers(out.graph, registry);
  };
  Model folded;
  folded.registry = registry;
  folded.lossy = model.lossy;
  attempt(model);
  const Leftovers before = leftovers(model.graph);
  if (before.constant.empty()) return relaid;
  const std::set<std::string> first = relaid;
  folded.graph = source.graph;
  fold_constants(folded, before.constant, model.graph, first, control);
  attempt(folded);
  if (leftovers(folded.graph).others >= before.others) return first;
  model.graph = std::move(folded.graph);
  model.lossy = std::move(folded.lossy);
  return relaid;
}

/// A layer is trainable unless all variables in its trainable slots are not.
void take_over_trainability(Graph& graph, const Registry& registry) {
  for (Layer& layer : graph.layers) {
    bool any = false, free = false;
    for (const Slot& slot : layer.slots) {
      const auto spec = cards::spec_of(layer, slot.name, registry);
      if ((spec && !spec->trainable) || slot.weight < 0) continue;
      any = true;
      free = free || graph.weights[static_cast<size_t>(graph.root(slot.weight))].trainable;
    }
    layer.trainable = !any || free;
  }
}

void list_unsupported(const Graph& graph, const Registry& registry, const std::map<std::string, std::string>& reasons,
                      Report& report) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer >= 0 || is_operation(node) || node.op == "ir/Input" || node.op == "ir/Weight" || node.op == "tf/Const")
      continue;
    const std::string op = node.op.substr(node.op.find('/') + 1);
    const auto reason = reasons.find(node.name);
    const std::string why = !registry.op(node.op)     ? "the op is unknown"
                            : reason == reasons.end() ? "no layer has this op in this place"
                                                      : "no layer has this op in this place, and " + reason->second;
    report.unsupported.push_back({node.name, op, why});
  }
}

/// Types of the calls' results, where every layer can be told in ops.
void infer_call_types(Graph& graph, const Registry& registry, const Control& control) {
  Graph raw;
  try {
    raw = lower::lower(graph, registry);
    infer_types(raw, registry, control);
  } catch (const Error& error) {
    if (error.status() != Status::unsupported) throw;
    return;
  }
  std::map<std::string_view, const Node*> by_name;
  for (const Node& node : raw.nodes) by_name.emplace(node.name, &node);
  for (Node& node : graph.nodes) {
    const auto found = by_name.find(node.name);
    if (found != by_name.end()) node.outputs = found->second->outputs;
  }
}

/// A signature that gives an output another type than the graph is of another graph.
void check_promises(const Model& model, const std::map<std::string, DType>& promised) {
  for (const Port& port : model.graph.outputs) {
    const auto found = promised.find(port.name);
    const DType type = model.graph.type(port.edge).dtype;
    if (found == promised.end() || found->second == DType::invalid || type == DType::invalid || type == found->second) continue;
    throw Error(Status::mismatch,
                "the signature says " + std::string(name_of(found->second)) + ", the graph " + std::string(name_of(type)),
                {model.path, {}, port.name});
  }
}

/// Where the source is, what is lost on the way to the model, and the training that it keeps.
void describe_source(const Model& source, const Model& model, Report& report) {
  report.source = side(source);
  for (const auto& [kind, nodes] : source.cut_off) report.cut_off.push_back({kind, nodes});
  if (model.graph.training) report.training = describe(*model.graph.training);
  for (const auto& [where, what] : model.lossy) report.lossy.push_back({where, what});
  report.unused_variables = source.unused_variables;
}

void describe_calls(const Model& model, Report& report) {
  for (const NodeId id : model.graph.order()) {
    const Node& node = model.graph.at(id);
    if (node.layer >= 0)
      report.layers.push_back(describe(model.graph, node, model.registry));
    else if (is_operation(node))
      report.layers.push_back(describe_operation(node, nullptr));
  }
}

/// Where the results of layers and operations are in their graph.
std::map<std::string, Edge> results_of_calls(const Graph& graph) {
  std::map<std::string, Edge> out;
  for (const NodeId id : graph.order()) {
    if (graph.at(id).layer >= 0 || is_operation(graph.at(id))) out[graph.at(id).name] = {id, 0};
  }
  return out;
}

/// Says in keras.ops and in names that every Keras accepts what the model has of neither. Returns why some ops stay as they
/// are.
std::map<std::string, std::string> speak_keras(Model& model) {
  std::map<std::string, std::string> reasons;
  const auto raw = [](const Node& node) { return !node.dead && node.op.starts_with("tf/"); };
  if (std::any_of(model.graph.nodes.begin(), model.graph.nodes.end(), raw)) {
    reasons = recover::express_operations(model.graph, model.registry);
    model.graph.compact();
  }
  for (const auto& [old, legal] : recover::make_names_legal(model.graph)) {
    model.lossy.emplace_back(old, "not a name that every Keras accepts: it is called " + legal);
    if (auto known = model.source_of.extract(old)) {
      known.key() = legal;
      model.source_of.insert(std::move(known));
    }
  }
  return reasons;
}

Conversion keep_layers(const Model& source) {
  Conversion out;
  Model& model = out.model;
  model = source;
  model.source_of = results_of_calls(source.graph);
  const std::map<std::string, std::string> reasons = speak_keras(model);
  for (Layer& layer : model.graph.layers) {
    try {
      for (const std::string& left : formats::make_portable(layer, model.registry)) model.lossy.emplace_back(layer.name, left);
    } catch (const Error& error) {
      if (error.status() != Status::unsupported) throw;
      out.report.unsupported.push_back({layer.name, layer.cls, error.message()});
    }
  }
  describe_source(source, model, out.report);
  list_unsupported(model.graph, model.registry, reasons, out.report);
  if (!out.report.unsupported.empty()) {
    out.report.status = "unsupported";
    return out;
  }
  describe_calls(model, out.report);
  try {
    lower::lower(model.graph, model.registry);
  } catch (const Error& error) {
    if (error.status() != Status::unsupported) throw;
    out.not_run = error.message();
    out.report.lossy.push_back({"verification", "not made: " + out.not_run});
  }
  return out;
}

/// What a Keras model computes in training, beside what it computes in use.
void add_training(const Model& source, Model& model, const Control& control) {
  try {
    std::optional<Graph> training = lower::lower_training(source.graph, source.registry);
    if (!training) return;
    infer_types(*training, source.registry, control);
    model.in_training = std::make_shared<const Graph>(std::move(*training));
  } catch (const Error& error) {
    if (error.status() != Status::unsupported) throw;
    model.not_in_training = error.message();
  }
}

/// Raw ops: of layers what they compute, of a graph itself.
Conversion to_ops(const Model& source, const ConvertOptions& options, const Control& control) {
  Conversion out;
  Model& model = out.model;
  model = source;
  model.kind = Kind::graphdef;
  if (source.keras()) {
    model.graph = lower::lower(source.graph, source.registry);
    model.layers = std::make_shared<const Graph>(source.graph);
    infer_types(model.graph, model.registry, control);
    if (options.training_calls) add_training(source, model, control);
  }
  std::set<std::string> names;
  for (auto* ports : {&model.graph.inputs, &model.graph.outputs}) {
    for (Port& port : *ports) {
      const std::string legal = formats::legal_node_name(port.name);
      port.name = legal;
      for (int number = 1; !names.insert(port.name).second; ++number) port.name = legal + "_" + std::to_string(number);
    }
  }
  describe_source(source, model, out.report);
  describe_calls(source, out.report);
  model.source_of = results_of_calls(source.graph);
  return out;
}

emit::TensorFlowCode low_level_code(const Model& model, bool train, const std::string& about, const Control& control) {
  if (!model.keras()) return emit::tensorflow_code({model.graph, emit::scopes(model.graph)}, model.registry, about);
  std::vector<NodeId> calls;
  Graph ops = lower::lower(model.graph, model.registry, {train, &calls});
  infer_types(ops, model.registry, control);
  return emit::tensorflow_code({ops, calls, &model.graph, train}, model.registry, about);
}

}  // namespace

Model load(const std::string& path, const LoadOptions& options, const Control& control) {
  std::map<std::string, DType> promised;
  Model model = reading::read(path, options, control, promised);
  model.registry = options.registry;
  if (!model.keras()) {
    normalise::resolve({model.graph, model.registry, control, options.infer, model.lossy});
    infer_types(model.graph, model.registry, control);
    check_promises(model, promised);
  } else {
    infer_call_types(model.graph, model.registry, control);
  }
  ir::Sharing().share(model.graph);
  return model;
}

Conversion convert(const Model& source, const ConvertOptions& options, const Control& control) {
  if (options.to == Language::tensorflow) return to_ops(source, options, control);
  if (source.keras()) return keep_layers(source);
  Conversion out;
  Model& model = out.model;
  Report& report = out.report;
  model.path = source.path;
  model.kind = Kind::keras_v3;
  model.registry = source.registry;
  const Registry& registry = model.registry;
  model.graph = source.graph;
  model.lossy = source.lossy;

  const std::set<std::string> relaid = recover_from(source, options, model, control);
  std::map<std::string, std::string> reasons;
  if (options.allow != Allow::layers) reasons = recover::express_operations(model.graph, registry);
  if (options.allow == Allow::custom || options.allow == Allow::stubs) {
    for (const auto& [node, why] : recover::generate_layers(model.graph, registry, control)) reasons[node] = why;
  }
  model.graph.prune();
  if (options.allow == Allow::stubs) {
    for (const std::string& name : recover::stub_layers(model.graph, registry)) {
      model.lossy.emplace_back(name, "the op is unknown: its layer is a stub; write its call before the model is loaded");
      out.not_run = "the calls of some layers are yet to be written";
    }
    model.graph.prune();
  }
  for (const std::string& name : recover::share_layers(model.graph)) {
    model.lossy.emplace_back(name, "one variable serves layers of different kind or config; each has a copy of its own");
  }
  take_over_trainability(model.graph, registry);
  training::attach(model.graph, registry, model.lossy);

  describe_source(source, model, report);
  list_unsupported(model.graph, registry, reasons, report);
  if (!report.unsupported.empty()) {
    report.status = "unsupported";
    return out;
  }
  recover::name_layers(model.graph);
  model.graph.compact();
  ir::Sharing sharing;
  sharing.share(model.graph);
  std::map<std::string, NodeId, std::less<>> raw;
  for (size_t i = 0; i < source.graph.nodes.size(); ++i) {
    if (!source.graph.nodes[i].dead) raw.emplace(source.graph.nodes[i].name, static_cast<NodeId>(i));
  }
  for (const NodeId id : model.graph.order()) {
    const Node& node = model.graph.at(id);
    if (node.layer < 0 && !is_operation(node)) continue;
    const auto found = node.from.empty() ? raw.end() : raw.find(node.from.front());
    const OpCard* op = found == raw.end() ? nullptr : registry.op(source.graph.at(found->second).op);
    report.layers.push_back(is_operation(node) ? describe_operation(node, op) : describe(model.graph, node, registry));
    if (found == raw.end() || relaid.contains(found->first)) continue;
    // The steps of a batch may be apart here and joined there.
    const Shape there = source.graph.type({found->second, 0}).shape, here = model.graph.type({id, 0}).shape;
    if (there.has_rank() && here.has_rank() && there.rank() != here.rank()) continue;
    model.source_of[node.name] = {found->second, 0};
  }
  for (LayerReport& layer : report.layers) {
    for (Name* name : {&layer.how, &layer.fidelity, &layer.cls}) sharing.share(*name);
  }
  return out;
}

std::optional<Conversion> convert_by_metadata(const Model& source, const LoadOptions& load, const ConvertOptions& options,
                                              const Control& control, std::string& why) {
  if (source.kind != Kind::saved_model) return std::nullopt;
  Conversion out;
  Model& model = out.model;
  model.path = source.path;
  model.kind = Kind::keras_v3;
  model.registry = source.registry;
  try {
    // What the graph was made from has not many more calls than the graph has nodes.
    Control narrow = control;
    narrow.limits.nodes = std::min<uint64_t>(control.limits.nodes, 10'000 + 8 * source.graph.nodes.size());
    auto authored = reading::read_authored(source.path, load, narrow);
    if (!authored) return std::nullopt;
    model.graph = std::move(authored->graph);
    model.lossy = std::move(authored->lossy);
    compare_authored(source, load, options, model.graph, control);
    model.source_of = results_of_scopes(source.graph, model.graph, authored->scopes);
    for (const std::string& name : recover::share_layers(model.graph))
      model.lossy.emplace_back(name, "one variable serves several layers; each has a copy of its own");
    infer_call_types(model.graph, model.registry, control);
    recover::join_layers(model.graph, model.registry);
    model.graph.prune();
    model.graph.compact();
    model.graph.training = source.graph.training;
    training::attach(model.graph, model.registry, model.lossy);
  } catch (const Error& error) {
    const Status status = error.status();
    const bool too_large = status == Status::memory;
    if (status != Status::format && status != Status::unsupported && status != Status::mismatch && !too_large) throw;
    why = (error.place().name.empty() ? "" : base::escaped(error.place().name) + ": ") + error.message();
    return std::nullopt;
  }
  describe_source(source, model, out.report);
  describe_calls(model, out.report);
  return out;
}

void describe_target(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, Report& report) {
  report.target = side(model);
  report.target.path = path;
  report.target.kind = name_of(kind);
  const bool low_level = kind == Kind::python && options.flavour == Language::tensorflow;
  if (low_level && options.train && !emit::has_training_step(model.graph))
    report.lossy.push_back({"training", "there is no train_step: the optimizer or a loss is unknown"});
  if (kind == Kind::saved_model && !model.not_in_training.empty())
    report.lossy.push_back(
        {"training", "the SavedModel computes in training what it computes in use: " + model.not_in_training});
  if (report.status != "ok" || !is_keras(kind)) return;
  formats::Audience audience = formats::audience(model.graph, kind, options, model.registry);
  report.target.keras = std::move(audience.keras);
  for (std::string& note : audience.notes) report.lossy.push_back({"training", std::move(note)});
  for (auto& [name, why] : audience.findings) report.lossy.push_back({std::move(name), std::move(why)});
}

void write(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, const Control& control) {
  if (kind == Kind::python) {
    const std::string about = "Written by keraft from " + base::escaped(model.path.substr(model.path.rfind('/') + 1)) + ".";
    if (options.flavour == Language::tensorflow) {
      const emit::TensorFlowCode code = low_level_code(model, options.train, about, control);
      return formats::write_python(path, code.code, code.weights, control);
    }
    const std::string code = emit::keras_code(model.graph, model.registry, about);
    return formats::write_python(path, code, emit::keras_code_weights(model.graph), control);
  }
  formats::write(model, path, kind, options, control, [] {});
}

void write(Model&& model, const std::string& path, Kind kind, const WriteOptions& options, const Control& control) {
  if (kind == Kind::python) return write(std::as_const(model), path, kind, options, control);
  formats::write(model, path, kind, options, control, [&] { model.graph = {}; });
}

}  // namespace keraft
