// Layers that go over steps. Their loops are not told in ops: they are read and written.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// What all of them can be asked for, behind their own entries. `inputs`: x, then the states to begin with.
inline void over_steps(LayerCard& card) {
  for (const char* flag : {"return_sequences", "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask"})
    card.config(flag, false);
  card.config("time_major", false).only_keras2("Keras 3 takes steps on axis 1 only", {{"time_major", true}});
  card.more_inputs_as("initial_state").passes_masks();
}

inline void dropouts(LayerCard& card) { card.config("dropout", 0.0).config("recurrent_dropout", 0.0); }

/// kernel and recurrent_kernel with the gates side by side, and a bias; in a layer of its own, or in that of a layer's cell.
inline void gates(LayerCard& card, bool cell, std::vector<std::string> bias = {"gates"}) {
  const std::vector<std::string> groups{cell ? "" : "cell"};
  const auto weight = [&](const char* slot, std::vector<std::string> dims, const char* when) {
    card.weight(slot, std::move(dims), when);
    if (!cell) card.in_group({"cell"});
  };
  weight("kernel", {"in", "gates"}, "");
  weight("recurrent_kernel", {"units", "gates"}, "");
  weight("bias", std::move(bias), "use_bias");
}

inline void simple_rnn(LayerCard& card, bool cell) {
  card.needs("units").config("activation", "tanh").config("use_bias", true);
  dropouts(card);
  gates(card, cell);
  if (!cell) over_steps(card);
  card.sample({{"units", 3}}, {{2, 5, 4}});
}

inline void lstm(LayerCard& card, bool cell) {
  card.needs("units").config("activation", "tanh").config("recurrent_activation", "sigmoid").config("use_bias", true);
  card.config("unit_forget_bias", true);
  dropouts(card);
  gates(card, cell);
  if (!cell) over_steps(card);
  card.leaves_out({"use_cudnn"}).sample({{"units", 3}}, {{2, 5, 4}});
}

inline void gru(LayerCard& card, bool cell) {
  card.needs("units").config("activation", "tanh").config("recurrent_activation", "sigmoid").config("use_bias", true);
  card.config("reset_after", true).always();  // false in Keras before 2.4
  dropouts(card);
  gates(card, cell, {"*"});
  if (!cell) over_steps(card);
  card.leaves_out({"use_cudnn"}).sample({{"units", 3}}, {{2, 5, 4}});
}

/// Over images of `n` axes of space.
inline void conv_lstm(LayerCard& card, size_t n) {
  card.needs("filters").needs("kernel_size").config("strides", Value::ints(std::vector<int64_t>(n, 1)));
  card.config("padding", "valid").config("data_format", "channels_last").always();
  card.config("dilation_rate", Value::ints(std::vector<int64_t>(n, 1))).config("activation", "tanh");
  card.config("recurrent_activation", "sigmoid").always();  // another default in Keras 2
  card.config("use_bias", true).config("unit_forget_bias", true);
  dropouts(card);
  std::vector<std::string> window;
  for (size_t i = 0; i < n; ++i) window.push_back("kernel_size." + std::to_string(i));
  std::vector<std::string> from = window, back = window;
  from.insert(from.end(), {"in", "gates"});
  back.insert(back.end(), {"filters", "gates"});
  card.weight("kernel", from).in_group({"cell"}).weight("recurrent_kernel", back).in_group({"cell"});
  card.weight("bias", {"gates"}, "use_bias").in_group({"cell"});
  over_steps(card);
  card.leaves_out({"seed"});
  std::vector<int64_t> sizes{2, 5};
  for (size_t i = 0; i < n; ++i) sizes.push_back(6 + static_cast<int64_t>(i));
  sizes.push_back(3);
  card.sample({{"filters", 4}, {"kernel_size", Value::ints(std::vector<int64_t>(n, 3))}}, {sizes});
}

/// LSTM of Keras 1 names what its bias of the forget gate begins as.
inline void formerly_lstm(LayerCard& card, std::vector<std::pair<std::string, std::string>> fields) {
  fields.emplace_back("forget_bias_init", "");
  card.formerly(card.cls, std::move(fields)).settle_former([](const Dict& then, Dict& now) {
    const auto begin = then.find("forget_bias_init");
    if (begin != then.end()) now["unit_forget_bias"] = begin->second == Value("one");
  });
}

/// A layer inside a config.
inline Value held_layer(const char* cls, Dict config) {
  config.emplace("name", "inner");
  return Value(Dict{{"class_name", cls}, {"config", std::move(config)}});
}

}  // namespace keraft::cards
