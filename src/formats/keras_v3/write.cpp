#include "cards/layer_card.h"
#include "formats/keras/compile.h"
#include "formats/keras/keras.h"
#include "formats/keras/layout.h"
#include "formats/keras/line_names.h"
#include "formats/keras/names.h"
#include "formats/keras/stream.h"
#include "formats/keras/written.h"
#include "formats/keras_v3/read.h"
#include "formats/wire/hdf5_writer.h"
#include "formats/wire/json.h"
#include "formats/wire/zip_writer.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

/// Only informative in Keras; fixed, so that the same model gives the same bytes.
std::string metadata(bool of_keras2) {
  return std::string(R"({"keras_version": ")") + (of_keras2 ? "2.15.0" : "3.0.5") +
         R"(", "date_saved": "1980-01-01@00:00:00"})";
}

uint64_t weight_bytes(const Graph& graph) {
  uint64_t out = 0;
  for (const Layer& layer : graph.layers) {
    for (const Slot& slot : layer.slots) {
      out += slot.value.bytes() + 4096;
      for (const Tensor& kept : slot.state) out += kept.bytes() + 4096;
    }
  }
  return out;
}

/// The tree of model.weights.h5; returns its size.
uint64_t write_tree(const Graph& graph, const Plan& plan, base::AtomicFile& file, uint64_t begin, const Registry& registry,
                    const std::optional<CompileState>& state, std::vector<Placed>& weights) {
  wire::Hdf5Writer tree(file, begin);
  tree.group("/vars");  // Keras 3.0 to 3.5 want it
  Numbered numbered, numbered_keras2;
  std::vector<size_t> in_file_order(plan.entries.size());
  for (size_t i = 0; i < in_file_order.size(); ++i) in_file_order[i] = i;
  for (const size_t index : plan.sequential ? in_file_order : plan.model_layers) {
    const PlanEntry& entry = plan.entries[index];
    if (entry.layer < 0) continue;
    const Layer& layer = graph.layers[static_cast<size_t>(entry.layer)];
    const std::string cls = group_class(layer, registry);
    const std::string name = "/layers/" + numbered.next(snake_case(cls));
    const std::string keras2_name = "/layers/" + numbered_keras2.next(snake_case_keras2(cls));
    if (layer.slots.empty()) continue;
    tree.group(name + "/vars");
    const auto places = weight_places(layer, layer.slots.size(), registry);
    for (size_t i = 0; i < places.size(); ++i) {
      const Tensor& value = layer.slots[i].value;
      weights.push_back({&value, tree.dataset(name + "/" + places[i].path(), value.dtype, value.dims)});
      const auto& groups = places[i].groups;
      for (size_t k = 1; k < groups.size() && places[i].index == 0; ++k)
        tree.link(name + "/" + groups[0], name + "/" + groups[k]);
    }
    const LayerCard* card = registry.layer(layer.cls);
    if (card && card->repeats_part) tree.link(name + "/" + places[0].path(), name + "/vars/0");
    if (keras2_name != name) tree.link(name, keras2_name);
  }
  for (size_t i = 0; state && i < state->variables.size(); ++i) {
    const Tensor& value = state->variables[i].second;
    weights.push_back({&value, tree.dataset("/optimizer/vars/" + std::to_string(i), value.dtype, value.dims)});
  }
  return tree.finish();
}

Expected write_archive(const Graph& graph, base::AtomicFile& file, const WriteOptions& options, const Registry& registry,
                       const Control& control) {
  const Plan layers = plan(graph);
  const Form form = choose_form(graph, layers, Kind::keras_v3, options, registry);
  const auto state = compile_state(graph, layers, form, Kind::keras_v3, options, registry);
  wire::ZipWriter zip(file);
  zip.member("metadata.json", metadata(is_of_keras2(graph, registry)));
  zip.member("config.json",
             model_config(graph, layers, form, registry, state ? Dict{{"compile_config", state->config}} : Dict()));
  const uint64_t begin = zip.begin("model.weights.h5", weight_bytes(graph) + (64u << 20) >= (uint64_t{1} << 32));
  std::vector<Placed> weights;
  const uint64_t size = write_tree(graph, layers, file, begin, registry, state, weights);
  const uint32_t crc = stream_weights(file, weights, begin, begin + size, control);
  zip.end(size, crc);
  zip.finish();
  return Expected(graph, layers, weights, state, registry);
}

}  // namespace

void write_keras_v3(const Graph& graph, const std::string& path, const WriteOptions& options, const Registry& registry,
                    const Control& control, const Release& release) {
  try {
    base::AtomicFile file(path);
    const Expected expected = write_archive(graph, file, options, registry, control);
    release();
    expected.compare(read_archive(file.temporary(), registry, control, Checksums::trusted).graph, control);
    expected.commit(file, path);
  } catch (const Error& error) {
    throw error.at({path, {}, {}});
  }
}

}  // namespace keraft::formats
