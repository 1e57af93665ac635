// Where a layer's weights lie in Keras files, and what its config must hold. The facts of formats.md 4.4, 5.2 and 5.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Where a weight lies below its layer's group in model.weights.h5.
struct WeightPlace {
  std::vector<std::string> groups;  ///< "": the layer's own; "cell"; "query_dense", then other spellings of the same group
  size_t index = 0;                 ///< the dataset is group/vars/index
  std::string path(size_t spelling = 0) const {
    return (groups[spelling].empty() ? "" : groups[spelling] + "/") + "vars/" + std::to_string(index);
  }
};
/// For the first `count` weights of a layer.
std::vector<WeightPlace> weight_places(const Layer& layer, size_t count, const Registry& registry);
/// The class after which the layer's group is named.
std::string group_class(const Layer& layer, const Registry& registry);

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
/// Does the layer's call take its tensors one by one (call(query, value)), not as a list?
bool spreads_inputs(const Layer& layer, const Registry& registry);

/// Why no Keras 2, or no Keras 3, can load the layer from a file of ours; empty when it can.
std::string keras3_only(const Layer& layer, const Registry& registry);
std::string keras2_only(const Layer& layer, const Registry& registry);
/// The first Keras 3 that has the layer; empty: all have it.
std::string since(const Layer& layer, const Registry& registry);
/// Do Keras 2 and 3 note this call in forms that the other does not read?
bool has_two_forms(const Node& call, const Layer& layer, const Registry& registry);
/// Is "3.9" before "3.12"?
bool older(const std::string& a, const std::string& b);

}  // namespace keraft::formats
