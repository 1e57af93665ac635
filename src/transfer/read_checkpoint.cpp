#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/string.h"
#include "formats/checkpoint/checkpoint.h"
#include "keraft/error.hpp"
#include "transfer/names.h"
#include "transfer/read.h"

namespace keraft::transfer {
namespace {

using formats::wire::Object;
using formats::wire::ObjectGraph;

/// The number behind `prefix`, or nothing.
std::optional<int> numbered(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  int number = 0;
  const char* begin = name.data() + prefix.size();
  const auto [end, error] = std::from_chars(begin, name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

/// Walks the objects of a checkpoint as models hold them.
class ObjectWalk {
 public:
  ObjectWalk(formats::Checkpoint& checkpoint, const ObjectGraph& objects, Source& out, int depth)
      : checkpoint_(checkpoint), objects_(objects), out_(out), most_depth_(depth), seen_(objects.nodes.size()) {}

  void run() {
    if (!objects_.nodes.empty()) visit(0, {}, {}, 0);
    for (size_t i = 0; i < objects_.nodes.size(); ++i) out_.state += !seen_[i] && !key_of(i).empty() ? 1 : 0;
    out_.state += counters_;
  }

 private:
  std::string key_of(size_t id) const {
    const std::string& key = objects_.nodes[id].checkpoint_key;
    return key.empty() || !checkpoint_.has(key) || checkpoint_.dtype(key) == DType::string ? std::string() : key;
  }

  /// `layer`: path of the layer that this is a part of, or empty.
  void visit(int node, const Path& path, const std::string& layer, int depth) {
    const auto id = static_cast<size_t>(node);
    if (seen_.at(id)) return;
    seen_[id] = true;
    if (depth > most_depth_) throw Error(Status::memory, "objects nested too deep", {out_.path, {}, joined(path)});
    if (const std::string key = key_of(id); !key.empty()) return add(key, objects_.nodes[id].full_name, path, layer);
    const auto members = layers_of(node);
    for (const auto& [name, child] : members) visit(child, below(path, name), joined(below(path, name)), depth + 1);
    for (const auto& [name, child] : objects_.nodes[id].children) {
      if (name == "optimizer" || name == "keras_api") continue;
      visit(child, below(path, name), layer, depth + 1);
    }
  }

  static Path below(Path path, const std::string& name) {
    for (std::string& part : base::split(name, '/')) path.push_back(std::move(part));
    return path;
  }

  /// The layers of a model in Keras' order; nothing for other objects.
  std::vector<std::pair<std::string, int>> layers_of(int node) const {
    std::map<int, std::pair<std::string, int>> out;
    const Object& object = objects_.nodes[static_cast<size_t>(node)];
    for (const auto& [name, child] : object.children) {
      if (const auto number = numbered(name, "layer_with_weights-")) out[*number] = {name, child};
    }
    for (const char* list : {"_operations", "_functional", "layers", "_layers"}) {
      if (!out.empty()) break;
      const int found = objects_.child(node, list);
      if (found < 0) continue;
      if (std::string_view(list) == "_functional") return layers_of(found);
      for (const auto& [name, child] : objects_.nodes[static_cast<size_t>(found)].children) {
        if (const auto number = numbered(name, "")) out[*number] = {std::string(list) + "/" + name, child};
      }
    }
    std::vector<std::pair<std::string, int>> listed;
    for (auto& [number, one] : out) listed.push_back(std::move(one));
    return listed;
  }

  void add(const std::string& key, const std::string& full_name, const Path& path, const std::string& layer) {
    Tensor value = checkpoint_.tensor(key);
    if (layer.empty() && value.dims.empty() && !is_floating(value.dtype)) {
      ++counters_;
      return;
    }
    std::vector<Path> paths;
    if (Path own = path_of(full_name); !own.empty()) paths.push_back(std::move(own));
    if (paths.empty() || paths.front() != path) paths.push_back(path);
    if (!layer.empty()) out_.nested.push_back(out_.weights.size());
    out_.weights.push_back({key, std::move(paths), layer, std::move(value)});
  }

  formats::Checkpoint& checkpoint_;
  const ObjectGraph& objects_;
  Source& out_;
  int most_depth_;
  int64_t counters_ = 0;
  std::vector<bool> seen_;
};

/// "dense/kernel/Adam": what an optimizer keeps for the variable "dense/kernel".
bool is_kept_for_another(const std::string& key, const formats::Checkpoint& checkpoint) {
  const size_t end = key.rfind('/');
  return end != std::string::npos && checkpoint.has(std::string_view(key).substr(0, end));
}

bool is_counter(const std::string& key, const formats::Checkpoint& checkpoint) {
  const auto& dims = checkpoint.dims(key);
  return dims.empty() && (!is_floating(checkpoint.dtype(key)) || key.ends_with("_power"));
}

}  // namespace

Source read_checkpoint(const std::string& prefix, const Control& control, const std::string& root) {
  base::Budget budget(control);
  const auto checkpoint = formats::Checkpoint::open(prefix, budget, root);
  Source out;
  out.path = prefix;
  out.kind = "checkpoint";
  out.producer = "TensorFlow";
  if (const auto objects = checkpoint->objects()) {
    ObjectWalk(*checkpoint, *objects, out, control.limits.depth).run();
    return out;
  }
  for (const std::string& key : checkpoint->keys()) {
    if (checkpoint->dtype(key) == DType::string) continue;
    if (is_kept_for_another(key, *checkpoint) || is_counter(key, *checkpoint)) {
      ++out.state;
      continue;
    }
    out.weights.push_back({key, {path_of(key)}, {}, checkpoint->tensor(key)});
  }
  return out;
}

}  // namespace keraft::transfer
