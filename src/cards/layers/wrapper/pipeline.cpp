#include "cards/wrapped.h"

KERAFT_LAYER(pipeline) {
  using namespace keraft;
  card.keras("Pipeline").about("preprocessing layers one after another").needs("layers").wraps("layers");
  card.lower_with([](LowerContext& c) { return cards::call_wrapped(c, c.inputs().front()); });
  card.from_keras3("3.6").leaves_out({"dtype", "trainable"}).call_default("training", true);
  const auto layer = [](const char* cls, Dict config) {
    return Value(Dict{{"class_name", cls}, {"config", std::move(config)}});
  };
  card.sample({{"layers", List{layer("RandomFlip", {{"name", "a"}}), layer("Rescaling", {{"name", "b"}, {"scale", 0.5}})}}},
              {{2, 5, 4, 3}});
}
