#include "formats/keras/compile.h"
#include "formats/keras/keras.h"
#include "formats/keras/stream.h"
#include "formats/keras/written.h"
#include "formats/wire/hdf5_writer.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

/// A version that every loader takes without conversions, and that tells which line a file for one line is for.
const char* keras_version(Form form) { return form == Form::keras3_h5 ? "3.0.5" : "2.15.0"; }

std::vector<std::string> weight_names(const Layer& layer) {
  std::vector<std::string> out;
  for (const Slot& slot : layer.slots) {
    if (slot.name.empty() || slot.name.find('/') != std::string::npos) {
      throw Error(Status::internal, "a weight's name cannot stand in an HDF5 file", {{}, {}, layer.name + "/" + slot.name});
    }
    out.push_back(layer.name + "/" + slot.name + ":0");
  }
  return out;
}

void write_optimizer(const CompileState& state, wire::Hdf5Writer& tree, std::vector<Placed>& weights) {
  tree.text("/", "training_config", wire::print_json(state.config));
  if (state.variables.empty()) return;
  const std::string root = "/optimizer_weights";
  std::vector<std::string> names;
  for (const auto& [name, value] : state.variables) {
    names.push_back(name + ":0");
    weights.push_back({&value, tree.dataset(root + "/" + names.back(), value.dtype, value.dims)});
  }
  tree.texts(root, "weight_names", names);
}

uint64_t write_tree(const Graph& graph, const Plan& plan, Form form, const std::string& config, base::AtomicFile& file,
                    const std::optional<CompileState>& state, std::vector<Placed>& weights) {
  wire::Hdf5Writer tree(file, 0);
  const std::string root = "/model_weights";
  tree.text("/", "keras_version", keras_version(form));
  tree.text("/", "backend", "tensorflow");
  tree.text("/", "model_config", config);
  tree.text(root, "keras_version", keras_version(form));
  tree.text(root, "backend", "tensorflow");
  std::vector<std::string> names;
  for (const size_t index : plan.model_layers) {
    const PlanEntry& entry = plan.entries[index];
    if (entry.layer < 0 && plan.sequential) continue;
    names.push_back(entry.name);
    const std::string group = root + "/" + entry.name;
    if (entry.layer < 0) {
      tree.texts(group, "weight_names", {});
      continue;
    }
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    const auto paths = weight_names(layer);
    tree.texts(group, "weight_names", paths);
    for (size_t i = 0; i < paths.size(); ++i) {
      const Tensor& value = layer.slots[i].value;
      weights.push_back({&value, tree.dataset(group + "/" + paths[i], value.dtype, value.dims)});
    }
  }
  tree.texts(root, "layer_names", names);
  tree.texts(root + "/top_level_model_weights", "weight_names", {});
  if (state) write_optimizer(*state, tree, weights);
  return tree.finish();
}

Expected write_file(const Graph& graph, base::AtomicFile& file, const WriteOptions& options, const Registry& registry,
                    const Control& control) {
  const Plan layers = plan(graph);
  const Form form = choose_form(graph, layers, Kind::keras_h5, options, registry);
  const auto state = compile_state(graph, layers, form, Kind::keras_h5, options, registry);
  const std::string config = model_config(graph, layers, form, registry);
  std::vector<Placed> weights;
  const uint64_t size = write_tree(graph, layers, form, config, file, state, weights);
  stream_weights(file, weights, 0, size, control);
  return Expected(graph, layers, weights, state, registry);
}

}  // namespace

void write_keras_h5(const Graph& graph, const std::string& path, const WriteOptions& options, const Registry& registry,
                    const Control& control, const Release& release) {
  try {
    base::AtomicFile file(path);
    const Expected expected = write_file(graph, file, options, registry, control);
    release();
    expected.compare(read_keras_h5(file.temporary(), {}, registry, control).graph, control);
    expected.commit(file, path);
  } catch (const Error& error) {
    throw error.at({path, {}, {}});
  }
}

}  // namespace keraft::formats
