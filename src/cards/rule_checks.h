// What a form in a rules text may name, and conditions on where it fits.
#pragma once

#include <string>
#include <vector>

#include "cards/layer_card.h"
#include "ir/lexer.h"
#include "keraft/registry.hpp"

namespace keraft::rules {

/// Every op of the form has a card, which has the attributes named. Throws Status::argument with the place where `in` stands.
void check_ops(const ir::Form& form, const Registry& registry, const ir::Lexer& in);
/// The same, and the weights and config entries are those of the layer.
void check_layer(const LayerCard::Rule& rule, const LayerCard& card, const Registry& registry, const ir::Lexer& in);

/// "rank x = 4", "beta > 0": of a tensor's rank or a config entry.
struct Condition {
  std::string name;
  bool rank = false;
  char sign = '=';  ///< '<', '=' or '>'
  Value value;
};
Condition condition(ir::Lexer& in);
/// Refuses where a condition does not hold, or where it is not known.
LayerCard::Guard guard(std::vector<Condition> conditions);

}  // namespace keraft::rules
