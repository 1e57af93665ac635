// What Keras 2 notes beside a SavedModel: the order of inputs and outputs, which the maps of a signature do not have.
#pragma once

#include <string>
#include <vector>

#include "base/budget.h"

namespace keraft::formats {

struct KerasOrder {
  std::vector<std::string> inputs, outputs;  ///< names of layers, which are keys of the signature
};

/// From the text of keras_metadata.pb; empty where it tells no order. Throws Status::format for what cannot be read.
KerasOrder keras_order(const std::string& folder, const std::string& root, base::Budget& budget);

}  // namespace keraft::formats
