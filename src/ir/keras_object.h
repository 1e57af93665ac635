// Layers, losses, regularizers and the like inside a config.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "keraft/value.hpp"

namespace keraft::ir {

/// One of Keras' own, in the form that all loaders with modules take.
inline Dict keras_object(std::string_view module, std::string_view cls, Dict config) {
  return {{"module", std::string(module)},
          {"class_name", std::string(cls)},
          {"config", std::move(config)},
          {"registered_name", Value()}};
}

}  // namespace keraft::ir
