// MaxPooling2D and AveragePooling2D differ in the op alone.
#pragma once

#include "cards/codec.h"
#include "cards/layer_card.h"

namespace keraft::cards {

inline void pool2d(LayerCard& card, const std::string& op) {
  card.needs("pool_size").config("strides", Value()).config("padding", "valid").config("data_format", "channels_last").always();
  card.form(
      "y = " + op +
          "(x, ksize=$pool_size:spatial, strides=$strides:spatial, padding=$padding:lower, data_format=$data_format:layout)",
      {}, [](Match& m) {
        if (m.config["strides"] == m.config["pool_size"]) m.config.erase("strides");
        return true;
      });
  card.lower_with([op](LowerContext& c) {
    const bool first = c.config("data_format") == Value("channels_first");
    const Value& strides = c.config("strides").null() ? c.config("pool_size") : c.config("strides");
    return c.op(op, {c.inputs().front()},
                {{"ksize", encode("spatial", c.config("pool_size"), first, 4)},
                 {"strides", encode("spatial", strides, first, 4)},
                 {"padding", encode("lower", c.config("padding"), first, 4)},
                 {"data_format", encode("layout", c.config("data_format"), first, 4)}});
  });
  card.sample({{"pool_size", Value::ints({3, 2})}}, {{2, 9, 7, 3}});
  card.sample({{"pool_size", Value::ints({3, 3})}, {"strides", Value::ints({2, 2})}, {"padding", "same"}}, {{1, 8, 7, 5}});
}

/// A reduction over the spatial axes.
inline void global_pool2d(LayerCard& card, const std::string& op) {
  card.config("data_format", "channels_last").always().config("keepdims", false);
  card.form("y = " + op + "(x, [1, 2], keep_dims=$keepdims)", {{"data_format", "channels_last"}},
            [](Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() == 4; });
  card.form("y = " + op + "(x, [2, 3], keep_dims=$keepdims)", {{"data_format", "channels_first"}},
            [](Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() == 4; });
  card.sample({}, {{2, 5, 3, 4}}).sample({{"keepdims", true}}, {{3, 2, 7, 5}});
}

}  // namespace keraft::cards
