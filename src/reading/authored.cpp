#include "reading/authored.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/file.h"
#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "formats/checkpoint/checkpoint.h"
#include "formats/keras/dict.h"
#include "formats/keras/portable_config.h"
#include "formats/keras/read_config.h"
#include "formats/saved_model/keras_notes.h"
#include "formats/saved_model/saved_model.h"
#include "ir/rewire.h"
#include "reading/object_keys.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

constexpr uint64_t most_record = uint64_t{1} << 31;

std::string joined(const LayerPath& path) {
  std::string out;
  for (const Name& part : path) out += (out.empty() ? "" : "/") + part;
  return out;
}

/// The objects of a SavedModel, by the names that Keras gives them.
class Objects {
 public:
  Objects(const wire::ObjectGraph& graph, const KerasNotes& notes, base::Budget& budget)
      : graph_(graph), notes_(notes), budget_(budget) {}

  const wire::Object& at(int id) const { return graph_.nodes.at(static_cast<size_t>(id)); }

  /// Of the layer at the end of the path of names, or -1.
  int layer(const LayerPath& path) {
    int at = 0;
    for (const std::string& name : path) {
      const auto& inside = layers_of(at);
      const auto found = inside.find(name);
      if (found == inside.end()) return -1;
      at = found->second;
    }
    return at;
  }

  /// The variables of a layer in Keras' own order; nothing when the file does not list them.
  std::optional<std::vector<int>> variables(int layer) const {
    const int list = graph_.child(layer, "variables");
    return list < 0 ? std::nullopt : std::optional(graph_.listed(list));
  }

  /// The variable that a slot's name and place in the layer lead to, or -1.
  int variable(int layer, const LayerCard::WeightSpec& spec) const {
    for (const std::string& group : spec.groups.empty() ? std::vector<std::string>{""} : spec.groups) {
      int at = layer;
      for (const std::string& part : group.empty() ? std::vector<std::string>{} : base::split(group, '/')) {
        at = std::max(graph_.child(at, part), graph_.child(at, "_" + part));
      }
      // "query_kernel" is the "kernel" of the part "query_dense".
      for (const std::string& name : {spec.slot, spec.slot.substr(spec.slot.rfind('_') + 1)}) {
        const int found = at < 0 || (at == layer && name != spec.slot) ? -1 : graph_.child(at, name);
        if (found >= 0 && this->at(found).variable) return found;
      }
    }
    return -1;
  }

 private:
  const std::map<std::string, int, std::less<>>& layers_of(int model) {
    const auto [known, fresh] = layers_.try_emplace(model);
    if (!fresh) return known->second;
    for (const auto& [name, id] : at(model).children) {
      const auto note = notes_.text.find(id);
      if (!name.starts_with("layer") || note == notes_.text.end()) continue;
      const Value value = parse_note(note->second, budget_, {notes_.file, {}, name});
      const Dict* dict = value.get<Dict>();
      const std::string own = dict ? text_or_empty(*dict, "name") : std::string();
      if (own.empty()) continue;
      const auto [at, first] = known->second.emplace(own, id);
      if (!first && at->second != id) throw Error(Status::format, "two layers of this name", {notes_.file, {}, own});
    }
    return known->second;
  }

  const wire::ObjectGraph& graph_;
  const KerasNotes& notes_;
  base::Budget& budget_;
  std::map<int, std::map<std::string, int, std::less<>>> layers_;
};

class Binder {
 public:
  Binder(Graph& graph, Objects& objects, const wire::ObjectGraph& saved, Checkpoint& checkpoint, const Registry& registry)
      : graph_(graph), objects_(objects), checkpoint_(checkpoint), registry_(registry) {
    if (const auto stored = checkpoint.objects()) keys_ = object_keys(saved, *stored);
  }

  void bind(Layer& layer, const LayerPath& path) {
    const Place place{{}, {}, layer.name};
    const auto specs = cards::slots_of(layer, registry_);
    if (specs.empty()) return;
    const int object = objects_.layer(path);
    if (object < 0) throw Error(Status::mismatch, "the model has no object for this layer", place);
    const auto listed = objects_.variables(object);
    if (listed && listed->size() != specs.size()) {
      throw Error(
          Status::mismatch,
          "its config makes " + std::to_string(specs.size()) + " weights, its object has " + std::to_string(listed->size()),
          place);
    }
    for (size_t i = 0; i < specs.size(); ++i) {
      const int named = objects_.variable(object, specs[i]);
      const int id = listed ? (*listed)[i] : named;
      if (id < 0) throw Error(Status::mismatch, "its object has no variable '" + specs[i].slot + "'", place);
      if (named >= 0 && named != id)
        throw Error(Status::mismatch, "its object names another variable '" + specs[i].slot + "' than it lists", place);
      const int32_t weight = weight_of(id, place);
      Weight& bound = graph_.weights[static_cast<size_t>(weight)];
      bound.evidence.push_back("metadata: " + base::escaped(joined(path)) + "/" + specs[i].slot);
      bound.trainable = bound.trainable && layer.trainable && specs[i].trainable;
      layer.slots.push_back({specs[i].slot, weight, bound.value});
    }
    check_sizes(layer, specs, place);
  }

 private:
  int32_t weight_of(int object, const Place& place) {
    const auto known = weights_.find(object);
    if (known != weights_.end()) return known->second;
    const auto key = keys_.find(object);
    if (!objects_.at(object).variable || key == keys_.end() || !checkpoint_.has(key->second))
      throw Error(Status::mismatch, "the checkpoint has no tensor for one of its variables", place);
    Weight weight;
    weight.name = objects_.at(object).name.empty() ? key->second : objects_.at(object).name;
    weight.value = checkpoint_.tensor(key->second);
    weight.variable = true;
    weight.key = key->second;
    const auto index = static_cast<int32_t>(graph_.weights.size());
    graph_.weights.push_back(std::move(weight));
    weights_.emplace(object, index);
    return index;
  }

  /// The sizes that the config gives its weights.
  void check_sizes(const Layer& layer, const std::vector<cards::OwnedSpec>& specs, const Place& place) const {
    const auto entry = layer.config.find("dtype");
    const std::string* policy = entry == layer.config.end() ? nullptr : entry->second.get<std::string>();
    const DType wanted = policy ? dtype_named(*policy) : DType::invalid;
    for (const Slot& slot : layer.slots) {
      if (is_floating(wanted) && is_floating(slot.value.dtype) && slot.value.dtype != wanted)
        throw Error(Status::mismatch, "it is " + *policy + ", its weights are " + std::string(name_of(slot.value.dtype)),
                    place);
    }
    const Slot* wrong = cards::misfit(layer, specs, registry_);
    if (wrong)
      throw Error(Status::mismatch, "its config does not make a " + wrong->name + " of " + Shape::of(wrong->value.dims).text(),
                  place);
  }

  Graph& graph_;
  Objects& objects_;
  Checkpoint& checkpoint_;
  const Registry& registry_;
  std::map<int, std::string> keys_;
  std::map<int, int32_t> weights_;  ///< by object
};

/// Calls that do nothing at inference go.
void drop_training_only(Graph& graph, const Registry& registry) {
  const auto vanishes = [&](const Node& node) {
    if (node.layer < 0 || node.inputs.size() != 1) return false;
    const LayerCard* card = registry.layer(graph.layers[static_cast<size_t>(node.layer)].cls);
    return card && card->inference_identity;
  };
  ir::Rewire rewire(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (vanishes(graph.nodes[i])) rewire.set({static_cast<NodeId>(i), 0}, graph.nodes[i].inputs[0]);
  }
  rewire.apply();
  graph.prune();
  graph.compact();
}

class AuthoredReader {
 public:
  AuthoredReader(const std::string& path, const LoadOptions& options, const Control& control)
      : options_(options), control_(control), budget_(control) {
    folder_ = base::is_folder(path) ? path : path.find('/') == std::string::npos ? "." : path.substr(0, path.rfind('/'));
    if (base::is_folder(path) && !options.follow_links) root_ = folder_;
  }

  std::optional<Authored> read() {
    const auto objects = object_graph();
    if (!objects || objects->nodes.empty()) return std::nullopt;
    const KerasNotes notes = keras_notes(folder_, root_, &*objects);
    const auto note = notes.text.find(0);
    if (note == notes.text.end() || note->second.empty()) return std::nullopt;
    const Place place{notes.file, {}, {}};
    const Value model = parse_note(note->second, budget_, place);
    Nesting nesting;
    Authored out;
    out.graph = read_model_dict(model, budget_, options_.registry, notes.file, nesting);
    Objects named(*objects, notes, budget_);
    const std::string prefix = options_.checkpoint.empty() ? folder_ + "/variables/variables" : options_.checkpoint;
    std::shared_ptr<Checkpoint> checkpoint;
    std::optional<Binder> binder;
    for (size_t i = 0; i < out.graph.layers.size(); ++i) {
      check(control_);
      Layer& layer = out.graph.layers[i];
      if (!options_.registry.layer(layer.cls))
        throw Error(Status::unsupported, "no card for the layer " + base::escaped(layer.cls), {{}, {}, layer.name});
      for (const std::string& left : make_portable(layer, options_.registry)) out.lossy.emplace_back(layer.name, left);
      out.scopes.emplace(layer.name, joined(nesting.paths[i]));
      layer.how = layer.registered.empty() ? "metadata" : layer.how;
      if (cards::slots_of(layer, options_.registry).empty()) continue;
      if (!binder) {
        checkpoint = Checkpoint::open(prefix, budget_, options_.checkpoint.empty() ? root_ : std::string());
        binder.emplace(out.graph, named, *objects, *checkpoint, options_.registry);
      }
      binder->bind(layer, nesting.paths[i]);
    }
    if (options_.infer) drop_training_only(out.graph, options_.registry);
    return out;
  }

 private:
  std::optional<wire::ObjectGraph> object_graph() {
    const std::string name = saved_model_file(folder_);
    if (!name.ends_with(".pb")) return std::nullopt;
    const std::string path = folder_ + "/" + name;
    const auto file = root_.empty() ? base::File::open(path) : base::File::open_beneath(root_, name);
    wire::Source source(base::file_range(file, 0, file->size()), path);
    wire::Scan scan = choose_meta_graph(source, options_.tags);
    while (scan.next()) {
      if (scan.field() != 7) continue;
      scan.want(wire::Wire::bytes);
      if (scan.size() > most_record) scan.fail("an object graph that is too large");
      budget_.bytes(scan.size() * 4);
      auto out = wire::parse_saved_objects(scan.text(), {path, scan.offset(), {}});
      budget_.release(scan.size() * 3);
      return out;
    }
    return std::nullopt;
  }

  const LoadOptions& options_;
  const Control& control_;
  base::Budget budget_;
  std::string folder_, root_;
};

}  // namespace

std::optional<Authored> read_authored(const std::string& path, const LoadOptions& options, const Control& control) {
  return AuthoredReader(path, options, control).read();
}

}  // namespace keraft::reading
