#include "reading/variables.h"

#include <algorithm>
#include <utility>

#include "base/string.h"
#include "formats/graphdef/build.h"
#include "formats/graphdef/machinery.h"
#include "reading/object_keys.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

constexpr int most_steps = 64;

std::string without_port(const std::string& tensor) {
  const auto name = parse_tensor_name(tensor);
  return name ? name->node : tensor;
}

std::string text_attr(const Node& node, std::string_view key) {
  const auto found = node.attrs.find(key);
  const auto* text = found == node.attrs.end() ? nullptr : found->second.get<std::string>();
  return text ? *text : std::string();
}

/// The variable node that a value is read from, through identities.
NodeId variable_behind(const Graph& graph, Edge edge) {
  for (int i = 0; i < most_steps; ++i) {
    const Node& node = graph.at(edge.node);
    if (is_variable(node)) return edge.node;
    if ((node.op != "tf/Identity" && node.op != "tf/ReadVariableOp") || node.inputs.empty()) return no_node;
    edge = node.inputs[0];
  }
  return no_node;
}

/// Shortest path of child names from the root to each object.
std::vector<std::string> object_paths(const wire::ObjectGraph& objects) {
  std::vector<std::string> paths(objects.nodes.size());
  if (objects.nodes.empty()) return paths;
  std::vector<bool> seen(objects.nodes.size(), false);
  std::vector<int> open{0};
  seen[0] = true;
  for (size_t i = 0; i < open.size(); ++i) {
    const auto id = static_cast<size_t>(open[i]);
    for (const auto& [name, child] : objects.nodes[id].children) {
      const auto next = static_cast<size_t>(child);
      if (seen[next]) continue;
      seen[next] = true;
      paths[next] = paths[id].empty() ? name : paths[id] + "/" + name;
      open.push_back(child);
    }
  }
  return paths;
}

}  // namespace

VariableTable::VariableTable(const Graph& graph, const MetaGraph& meta, FunctionLibrary& functions) {
  for (const Node& node : graph.nodes) {
    if (is_variable(node)) known_[node.name].name = node.name;
  }
  if (meta.saver && !meta.saver->restore_op.empty()) {
    for (auto& [name, restored] : restored_variables(graph, meta.saver->restore_op, functions)) {
      known_[name].evidence.push_back(restored.evidence);
      known_[name].restored = std::move(restored);
    }
  }
  read_collections(meta);
  if (meta.objects) read_objects(graph, *meta.objects);
  read_copies(graph);
}

void VariableTable::set_checkpoint(std::string prefix, std::string root, base::Budget& budget) {
  prefix_ = std::move(prefix);
  root_ = std::move(root);
  budget_ = &budget;
}

void VariableTable::read_collections(const MetaGraph& meta) {
  const auto names = [&](const char* collection, std::set<std::string>& out) {
    const auto found = meta.collections.find(collection);
    if (found == meta.collections.end()) return false;
    for (const std::string& bytes : found->second.bytes) {
      const auto variable = wire::parse_variable_def(bytes);
      if (!variable) throw Error(Status::format, std::string("a damaged record of a variable in collection ") + collection);
      out.insert(without_port(variable->name));
    }
    for (const std::string& node : found->second.nodes) out.insert(without_port(node));
    return true;
  };
  has_trainable_list_ = names("trainable_variables", trainable_);
  for (const char* collection : {"variables", "model_variables", "moving_average_variables", "local_variables"}) {
    std::set<std::string> members;
    names(collection, members);
    listed_.insert(members.begin(), members.end());
    for (const std::string& name : members) {
      const auto found = known_.find(name);
      if (found != known_.end() && std::string_view(collection) != "variables")
        found->second.evidence.push_back(std::string("collection ") + collection);
    }
  }
  for (const std::string& name : trainable_) {
    const auto found = known_.find(name);
    if (found != known_.end()) found->second.evidence.emplace_back("collection trainable_variables");
  }
}

namespace {

/// The members of a list of the root.
std::set<int> root_list(const wire::ObjectGraph& objects, std::string_view name) {
  std::set<int> out;
  if (objects.nodes.empty()) return out;
  for (const auto& [key, child] : objects.nodes[0].children) {
    if (key != name) continue;
    for (const auto& [index, member] : objects.nodes[static_cast<size_t>(child)].children) out.insert(member);
  }
  return out;
}

/// Variables that Keras lists, but not among what it trains: the flag of a layer says nothing to its variables.
std::set<int> not_trained(const wire::ObjectGraph& objects) {
  std::set<int> out = root_list(objects, "variables");
  const std::set<int> trained = root_list(objects, "trainable_variables");
  std::erase_if(out, [&](int id) { return trained.count(id) > 0; });
  return trained.empty() ? std::set<int>() : out;
}

}  // namespace

void VariableTable::read_objects(const Graph& graph, const wire::ObjectGraph& objects) {
  objects_ = &objects;
  const std::set<int> fixed = not_trained(objects);
  const std::vector<std::string> paths = object_paths(objects);
  for (const Node& node : graph.nodes) {
    const auto f = node.attrs.find("f");
    const auto* ref = f == node.attrs.end() ? nullptr : f->second.get<FunctionRef>();
    const auto bound = ref ? objects.bound_inputs.find(ref->name) : objects.bound_inputs.end();
    if (bound == objects.bound_inputs.end() || bound->second.size() > node.inputs.size()) continue;
    // What a function captured comes after what its caller gives it.
    const size_t first = node.inputs.size() - bound->second.size();
    for (size_t i = 0; i < bound->second.size(); ++i) {
      const int id = bound->second[i];
      const wire::Object& object = objects.nodes[static_cast<size_t>(id)];
      const Node& variable = graph.at(node.inputs[first + i].node);
      if (!object.variable || !is_variable(variable)) continue;
      Known& known = known_[variable.name];
      if (known.object == id) continue;
      known.object = id;
      known.trainable = object.trainable && fixed.count(id) == 0;
      if (object.trainable && !*known.trainable) known.evidence.emplace_back("not in trainable_variables of the object graph");
      if (!object.name.empty()) known.name = object.name;
      known.evidence.push_back("object graph path " + base::escaped(paths[static_cast<size_t>(id)]));
    }
  }
}

void VariableTable::read_copies(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    if (node.op != "tf/AssignVariableOp" || node.inputs.size() < 2) continue;
    const NodeId target = variable_behind(graph, node.inputs[0]), source = variable_behind(graph, node.inputs[1]);
    if (target == no_node || source == no_node || target == source) continue;
    known_[graph.at(source).name].copy_of_this = graph.at(target).name;
  }
}

void VariableTable::match_checkpoint_objects() {
  if (!objects_) return;
  const auto stored = checkpoint_->objects();
  if (!stored) return;
  const auto keys = object_keys(*objects_, *stored);
  for (auto& [name, known] : known_) {
    const auto key = known.object >= 0 ? keys.find(known.object) : keys.end();
    if (key != keys.end()) known.object_key = key->second;
  }
}

Checkpoint& VariableTable::checkpoint(const Node& node) {
  if (checkpoint_) return *checkpoint_;
  const bool v1 = !prefix_.empty() && !base::is_folder(prefix_) && base::exists(prefix_);
  if (prefix_.empty() || (!v1 && !base::exists(prefix_ + ".index"))) {
    throw Error(Status::format,
                "the graph has variables, but their checkpoint is missing" +
                    (prefix_.empty() ? std::string() : " (" + base::escaped(prefix_) + ".index)") +
                    "; name it with --checkpoint",
                {{}, {}, node.name});
  }
  checkpoint_ = Checkpoint::open(prefix_, *budget_, root_);
  match_checkpoint_objects();
  return *checkpoint_;
}

std::string VariableTable::key_of(const Node& node, const Known& known) {
  Checkpoint& stored = *checkpoint_;
  if (known.restored) {
    if (stored.has(known.restored->key)) return known.restored->key;
    throw Error(Status::format,
                "the checkpoint has no tensor '" + base::escaped(known.restored->key) +
                    "', which the graph restores into this variable",
                {stored.prefix() + ".index", {}, node.name});
  }
  if (!known.object_key.empty() && stored.has(known.object_key)) return known.object_key;
  if (stored.has(node.name)) return node.name;
  const std::string shared = text_attr(node, "shared_name");
  if (!shared.empty() && stored.has(shared)) return shared;
  throw Error(Status::format, "nothing in the checkpoint belongs to this variable",
              {stored.prefix() + ".index", {}, node.name});
}

void VariableTable::use_shadows(std::map<std::string, std::string> shadows) { shadows_ = std::move(shadows); }

std::string VariableTable::shadow_key(const Node& node, const std::string& key) {
  const auto shadow = shadows_->find(node.name);
  if (shadow != shadows_->end()) {
    const Known& known = known_[shadow->second];
    return known.restored ? known.restored->key : shadow->second;
  }
  const std::string named = key + "/ExponentialMovingAverage";
  return checkpoint_->has(named) ? named : std::string();
}

weights::Variable VariableTable::lookup(const Node& node) {
  Checkpoint& stored = checkpoint(node);
  Known& known = known_[node.name];
  weights::Variable out;
  out.name = known.name.empty() ? node.name.str() : known.name;
  out.key = key_of(node, known);
  out.evidence = known.evidence;
  if (shadows_) {
    const std::string shadow = shadow_key(node, out.key);
    if (!shadow.empty()) {
      if (!stored.has(shadow))
        throw Error(Status::format, "the checkpoint lacks the moving average '" + base::escaped(shadow) + "'",
                    {stored.prefix() + ".index", {}, node.name});
      used_.insert(out.key);
      out.key = shadow;
      out.evidence.push_back("moving average " + base::escaped(shadow));
      used_shadow_ = true;
    }
  }
  used_.insert(out.key);
  const std::string slice = known.restored ? known.restored->slice : std::string();
  out.value = stored.tensor(out.key, slice);
  if (const auto spec = slice.empty() ? std::nullopt : parse_slice(slice)) {
    if (spec->extent != spec->dims) out.part = weights::Variable::Part{out.key, stored.tensor(out.key), spec->start};
  }
  // Two ways to the same key confirm each other; two keys must at least hold alike tensors.
  const auto alike = [&](const std::string& other, const std::string& how) {
    if (other.empty() || !stored.has(other)) return;
    if (other != out.key && (stored.dtype(other) != out.value.dtype || (stored.dims(other) != out.value.dims && !out.part))) {
      throw Error(Status::mismatch,
                  "the saver and the object graph name different tensors for this variable: '" + base::escaped(out.key) +
                      "' and '" + base::escaped(other) + "'",
                  {stored.prefix() + ".index", {}, node.name});
    }
    used_.insert(other);
    out.evidence.push_back(how + (other == out.key ? " agrees" : " stores it as " + base::escaped(other)));
  };
  alike(known.object_key, "object graph of the checkpoint");
  if (const auto copy = known_.find(known.copy_of_this); copy != known_.end() && copy->second.restored) {
    const std::string& other = copy->second.restored->key;
    if (!stored.has(other))
      throw Error(Status::format,
                  "the checkpoint stores this variable twice, but its copy '" + base::escaped(other) + "' is missing",
                  {stored.prefix() + ".index", {}, node.name});
    alike(other, "a copy");
  }
  if (known.trainable) {
    out.trainable = *known.trainable;
  } else if (has_trainable_list_) {
    out.trainable = trainable_.count(node.name) > 0;
    if (!out.trainable) out.evidence.emplace_back("not in collection trainable_variables");
  } else {
    out.trainable = is_floating(out.value.dtype);
    out.evidence.emplace_back("nothing says whether it is trainable");
  }
  return out;
}

std::vector<std::string> VariableTable::unused() {
  std::vector<std::string> out;
  if (!checkpoint_) return out;
  for (const std::string& key : checkpoint_->keys()) {
    if (used_.count(key)) continue;
    out.push_back(key.ends_with(formats::object_value) ? key.substr(0, key.size() - formats::object_value.size()) : key);
  }
  return out;
}

}  // namespace keraft::reading
