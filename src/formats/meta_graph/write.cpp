#include "formats/meta_graph/write.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/write.h"
#include "formats/graphdef/write.h"
#include "formats/saved_model/objects.h"
#include "formats/wire/print_meta.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

Tensor strings(std::vector<std::string> values) {
  const auto size = static_cast<int64_t>(values.size());
  return make_strings({size}, std::move(values));
}

/// The nodes by which TensorFlow saves and restores the variables.
class Saver {
 public:
  explicit Saver(RawNodes& raw) : raw_(raw) {
    const auto taken = [&](const std::string& scope) {
      return std::any_of(raw.nodes.begin(), raw.nodes.end(),
                         [&](const wire::RawNode& node) { return node.name == scope || node.name.starts_with(scope + "/"); });
    };
    for (int number = 1; taken(scope_); ++number) scope_ = "save_" + std::to_string(number);
  }

  /// Its record in the meta graph.
  std::string run() {
    std::vector<std::string> names;
    List types;
    for (const RawNodes::Variable& variable : raw_.variables) {
      names.push_back(variable.name);
      types.emplace_back(variable.value.dtype);
    }
    const wire::RawAttr text{"dtype", 't', DType::string}, scalar{"shape", 'h', Shape(Dims{})};
    constant("filename/input", make_strings({}, {"model"}));
    node("filename", "PlaceholderWithDefault", {at("filename/input")}, {text, scalar});
    node("Const", "PlaceholderWithDefault", {at("filename")}, {text, scalar});
    const std::vector<std::string> whole(names.size());
    for (const char* way : {"SaveV2", "RestoreV2"}) {
      constant(std::string(way) + "/tensor_names", strings(names));
      constant(std::string(way) + "/shape_and_slices", strings(whole));
    }
    std::vector<std::string> saved{at("Const"), at("SaveV2/tensor_names"), at("SaveV2/shape_and_slices")};
    for (const RawNodes::Variable& variable : raw_.variables) saved.push_back(variable.read);
    node("SaveV2", "SaveV2", std::move(saved), {{"dtypes", 'T', types}});
    node("control_dependency", "Identity", {at("Const"), "^" + at("SaveV2")}, {{"T", 't', DType::string}});
    node("RestoreV2", "RestoreV2", {at("Const"), at("RestoreV2/tensor_names"), at("RestoreV2/shape_and_slices")},
         {{"dtypes", 'T', types}});
    std::vector<std::string> assigned;
    for (size_t i = 0; i < raw_.variables.size(); ++i) {
      const RawNodes::Variable& variable = raw_.variables[i];
      const std::string number = i == 0 ? "" : "_" + std::to_string(i);
      node("Identity" + number, "Identity", {at("RestoreV2") + (i == 0 ? "" : ":" + std::to_string(i))},
           {{"T", 't', variable.value.dtype}});
      node("AssignVariableOp" + number, "AssignVariableOp", {variable.name, at("Identity" + number)},
           {{"dtype", 't', variable.value.dtype}});
      assigned.push_back("^" + at("AssignVariableOp" + number));
    }
    node("restore_all", "NoOp", std::move(assigned), {});
    return wire::print_saver(at("Const") + ":0", at("control_dependency") + ":0", at("restore_all"));
  }

 private:
  std::string at(const std::string& name) const { return scope_ + "/" + name; }
  void node(const std::string& name, const char* op, std::vector<std::string> inputs, std::vector<wire::RawAttr> attrs) {
    raw_.nodes.push_back({at(name), op, std::move(inputs), std::move(attrs), nullptr});
  }
  void constant(const std::string& name, Tensor value) {
    raw_.constants.push_back(std::move(value));
    raw_.nodes.push_back({at(name), "Const", {}, {{"dtype", 't', DType::string}}, &raw_.constants.back()});
  }

  RawNodes& raw_;
  std::string scope_ = "save";
};

std::vector<wire::NamedTensor> ends(const std::vector<RawNodes::End>& from) {
  std::vector<wire::NamedTensor> out;
  for (const RawNodes::End& end : from) out.push_back({end.name, end.tensor, end.type});
  return out;
}

std::string collections(const RawNodes& raw) {
  std::vector<wire::VariableRecord> all, trained;
  for (const RawNodes::Variable& one : raw.variables) {
    all.push_back({one.name, one.assign, one.initial, one.read, one.trainable});
    if (one.trainable) trained.push_back(all.back());
  }
  return (all.empty() ? std::string() : wire::print_variables("variables", all)) +
         (trained.empty() ? std::string() : wire::print_variables("trainable_variables", trained));
}

constexpr const char* default_signature = "serving_default";

/// `objects`: of a SavedModel; else null.
void write_file(const std::string& path, RawNodes& raw, const std::vector<std::string>& signatures, bool saved_model,
                const SavedObjects* objects, const Control& control) {
  const std::string saver = raw.variables.empty() ? std::string() : Saver(raw).run();
  const std::vector<FunctionBody> none;
  const GraphBytes graph = graph_bytes(raw, objects ? objects->functions : none);
  const std::string before =
      wire::print_meta_info(saved_model ? std::vector<std::string>{"serve"} : std::vector<std::string>{}) +
      wire::print_graph_head(graph.size);
  std::string after = saver + collections(raw);
  for (const std::string& key : signatures) after += wire::print_signature(key, ends(raw.inputs), ends(raw.outputs));
  if (objects) after += wire::print_saved_objects(objects->nodes, objects->concrete);
  base::AtomicFile file(path);
  if (saved_model) file.append(wire::print_saved_model_head(before.size() + graph.size + after.size()));
  file.append(before);
  append(file, graph, control);
  file.append(after);
  file.commit();
}

/// Objects whose keys are names of weights, with the keys of the checkpoint.
wire::ObjectGraph keyed(wire::ObjectGraph objects, const RawNodes& raw) {
  std::map<std::string_view, std::string_view> keys;
  for (const RawNodes::Variable& variable : raw.variables) keys.emplace(variable.weight, variable.name);
  for (wire::Object& object : objects.nodes) {
    if (!object.variable) continue;
    const auto key = keys.find(object.checkpoint_key);
    object.variable = key != keys.end();  // not where no output needs it
    if (object.variable) object.checkpoint_key = std::string(key->second).append(object_value);
  }
  return objects;
}

/// `objects`: whose keys are names of weights; or null.
std::vector<Saved> values(const RawNodes& raw, const wire::ObjectGraph* objects) {
  std::vector<Saved> out;
  for (const RawNodes::Variable& variable : raw.variables) {
    out.push_back({variable.name, variable.value, {}});
    if (objects) out.back().object_key = std::string(variable.name).append(object_value);
  }
  if (objects) out.push_back({object_graph_key, make_strings({}, {wire::print_objects(keyed(*objects, raw))}), {}});
  return out;
}

void make_folder(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::create_directories(path, error) && error)
    throw Error(Status::io, "cannot write: " + error.message(), {path, {}, {}});
}

}  // namespace

void write_meta_graph(const Graph& graph, const std::string& path, const wire::ObjectGraph* objects, const Registry& registry,
                      const Control& control) {
  RawNodes raw = raw_nodes(graph, registry, true);
  const std::string prefix = path.ends_with(".meta") ? path.substr(0, path.size() - 5) : path;
  write_checkpoint(values(raw, objects), prefix, control);
  write_file(path, raw, {default_signature}, false, nullptr, control);
}

void write_saved_model(const Graph& graph, const std::string& path, const SavedModelParts& parts, const Registry& registry,
                       const Control& control) {
  RawNodes raw = raw_nodes(graph, registry, true);
  std::optional<RawNodes> training;
  if (parts.in_training) training = raw_nodes(*parts.in_training, registry, true);
  std::vector<std::string> signatures{default_signature};
  if (!parts.signature.empty() && parts.signature != default_signature) signatures.push_back(parts.signature);
  const auto saved = saved_objects(raw, training ? &*training : nullptr, signatures);
  const auto stored = saved ? std::optional(stored_objects(*saved, raw, parts.objects)) : std::nullopt;
  make_folder(path + "/variables");
  write_checkpoint(values(raw, stored ? &*stored : nullptr), path + "/variables/variables", control);
  write_file(path + "/saved_model.pb", raw, signatures, true, saved ? &*saved : nullptr, control);
}

}  // namespace keraft::formats
