#include "cards/layers/rnn/recurrent.h"

namespace keraft {
namespace {

/// Keras 3 writes the layer that goes back even where it only mirrors the other.
void drop_mirror(Dict& config) {
  const auto back = config.find("backward_layer"), forth = config.find("layer");
  if (back == config.end() || forth == config.end()) return;
  const auto told = [](const Value& value) {
    Dict out = value.get<Dict>() ? *value.get<Dict>() : Dict();
    const auto entries = out.find("config");
    const Dict* inner = entries == out.end() ? nullptr : entries->second.get<Dict>();
    Dict plain = inner ? *inner : Dict();
    plain.erase("name");
    plain.try_emplace("go_backwards", false);
    return std::pair(std::move(out), std::move(plain));
  };
  auto [a, forward] = told(forth->second);
  auto [b, backward] = told(back->second);
  if (!(a["class_name"] == b["class_name"]) || forward["go_backwards"] == backward["go_backwards"]) return;
  forward.erase("go_backwards");
  backward.erase("go_backwards");
  if (Value(forward) == Value(backward)) config.erase(back);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(bidirectional) {
  using namespace keraft;
  card.keras("Bidirectional").about("a recurrent layer over the steps forwards, and another backwards");
  card.needs("layer").config("merge_mode", "concat").config("backward_layer", Value());
  card.wraps("layer", "forward_layer", "forward_").wraps("backward_layer", "backward_layer", "backward_", "layer");
  card.shorten_with(drop_mirror)
      .newer("backward_layer", "3.15")
      .leaves_out({"weights"})
      .more_inputs_as("initial_state")
      .passes_masks();
  card.sample({{"layer", cards::held_layer("LSTM", {{"units", 3}})}}, {{2, 5, 4}});
}
