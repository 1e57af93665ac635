// The JSON of a Keras model: its layers, its calls, and the ops that they stand for.
#include "formats/keras/read_config.h"
#include "formats/wire/json.h"
#include "fuzz.h"
#include "keraft/registry.hpp"
#include "lower/lower.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    const keraft::Value json = keraft::formats::wire::parse_json(fuzz::text_of(data, size), budget, {"config.json", {}, {}});
    keraft::formats::Nesting nesting;
    const keraft::Graph graph =
        keraft::formats::read_model_dict(json, budget, keraft::Registry::builtin(), "config.json", nesting);
    keraft::lower::lower(graph, keraft::Registry::builtin());
  });
}
