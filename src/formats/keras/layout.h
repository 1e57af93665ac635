// Where a layer's weights lie in Keras files, and what its config must hold. The facts of formats.md 4.4, 5.2 and 5.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Below a layer's group in model.weights.h5: "vars/0", "vars/1", …; recurrent layers keep them in their cell. `count` of them.
/// Throws Status::unsupported for a class whose places are unknown here.
std::vector<std::string> weight_paths(std::string_view cls, size_t count);

struct SlotName {
  std::string name;
  bool trainable = true;
};

/// The slots of a layer that was read with `count` weights, in Keras' order: from the layer's card, else from the names in the
/// file
/// (`hints`, may be empty), else numbers. Throws Status::format when the class wants another number of weights.
std::vector<SlotName> slot_names(const Layer& layer, size_t count, const std::vector<std::string>& hints,
                                 const Registry& registry, const std::string& file);

/// The config that is written for a layer: what the layer says, its name, its dtype, and what its card always wants written.
/// `output`: type of what its first call returns.
Dict written_config(const Layer& layer, const TensorType& output, const Registry& registry);

/// Does training change the slot's weight, in a layer that is trained?
bool is_trained(const Layer& layer, const Slot& slot, const Registry& registry);

/// Why no Keras 2 can load the class from a file of ours; empty when it can.
std::string keras3_only(const Layer& layer, const Registry& registry);

}  // namespace keraft::formats
