// The way of a TensorFlow file up to the layers, but for writing them.
#pragma once

#include "fuzz.h"
#include "keraft/convert.hpp"
#include "keraft/model.hpp"

namespace fuzz {

/// Reads `bytes` as a file of this name. Variables come from the checkpoint of the digits in tests/data.
inline int convert(std::string_view name, std::string_view bytes) {
  return guarded([&] {
    keraft::LoadOptions options;
    options.checkpoint = KERAFT_TEST_DATA "/digits/digits";
    const keraft::Model model = keraft::load(folder().write(name, bytes), options, control());
    keraft::convert(model, {}, control());
  });
}

}  // namespace fuzz
