// What an op makes of constants.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// The results of a node on these inputs; nothing when the card has no kernel or refuses them, or a result has more than `most`
/// elements.
std::optional<std::vector<Tensor>> evaluate(const Node& node, const OpCard& card, const std::vector<Tensor>& inputs,
                                            int64_t most);

}  // namespace keraft::cards
