#include "cards/optimizer_card.h"

#include "keraft/error.hpp"

namespace keraft {

double OptimizerStep::number(std::string_view field) const {
  const auto found = config.find(field);
  const auto value = found == config.end() ? std::nullopt : found->second.number();
  if (!value) throw Error(Status::internal, "an optimizer's step has no number '" + std::string(field) + "'");
  return *value;
}

OptimizerCard& OptimizerCard::keras(std::string name) {
  cls = std::move(name);
  return *this;
}

OptimizerCard& OptimizerCard::about(std::string text) {
  summary = std::move(text);
  return *this;
}

OptimizerCard& OptimizerCard::keeps(std::vector<std::string> names) {
  slots = std::move(names);
  return *this;
}

OptimizerCard& OptimizerCard::together() {
  by_variable = true;
  return *this;
}

OptimizerCard& OptimizerCard::step(std::string_view form, Complete complete) {
  rules.push_back({ir::parse_form(form), std::move(complete)});
  return *this;
}

}  // namespace keraft
