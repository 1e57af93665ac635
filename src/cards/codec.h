// How an attribute of a TensorFlow op and an entry of a Keras config say the same thing.
#pragma once

#include <optional>
#include <string_view>

#include "keraft/value.hpp"

namespace keraft::cards {

/// Codecs of forms: "" (as it is), "lower" ("SAME" ↔ "same"), "layout" ("NHWC" ↔ "channels_last"), "spatial" ([1, 2, 3, 1] ↔
/// [2, 3]; the entries for batch and channels must be 1), "side" (the same where all are one number: [1, 2, 2, 1] ↔ 2). Nothing
/// when the value has no counterpart (padding "EXPLICIT").
std::optional<Value> decode(std::string_view codec, const Value& attr, bool channels_first);
/// The inverse; `rank` is the number of axes with batch and channels.
Value encode(std::string_view codec, const Value& entry, bool channels_first, size_t rank);

}  // namespace keraft::cards
