// The JSON of a Keras model: its layers, its calls, and the ops that they stand for; as Keras 1 too, with weights of any sizes.
#include "formats/keras/former.h"
#include "formats/keras/read_config.h"
#include "formats/wire/json.h"
#include "fuzz.h"
#include "keraft/registry.hpp"
#include "lower/lower.h"

namespace {

using namespace keraft;

const Registry& registry() { return Registry::builtin(); }

void lay_out_weights(Graph& graph) {
  const std::vector<std::vector<int64_t>> shapes{{},        {0},          {6},          {1, 24},        {3, 8},
                                                 {2, 3, 4}, {3, 1, 2, 4}, {4, 2, 3, 1}, {2, 1, 3, 2, 2}};
  for (Layer& layer : graph.layers) {
    for (const size_t count : {1u, 2u, 3u, 9u, 12u}) {
      for (const auto& dims : shapes) {
        std::vector<Tensor> stored(count, make_splat(DType::f32, dims, std::vector<std::byte>(4)));
        fuzz::guarded([&] { formats::lay_out_as_today(layer, stored, {true, true}, registry()); });
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    base::Budget budget(fuzz::control());
    const Value json = formats::wire::parse_json(fuzz::text_of(data, size), budget, {"config.json", {}, {}});
    fuzz::guarded([&] {
      Value former = json;
      formats::Nesting nesting;
      formats::say_as_today(former, "1.2.2", registry(), budget.max_depth(), "config.json");
      Graph graph = formats::read_model_dict(std::move(former), budget, registry(), "config.json", nesting);
      lay_out_weights(graph);
    });
    formats::Nesting nesting;
    const Graph graph = formats::read_model_dict(json, budget, registry(), "config.json", nesting);
    lower::lower(graph, registry());
  });
}
