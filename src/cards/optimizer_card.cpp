#include "cards/optimizer_card.h"

#include "keraft/error.hpp"

namespace keraft {

double OptimizerStep::number(std::string_view field) const {
  const auto found = config.find(field);
  const auto value = found == config.end() ? std::nullopt : found->second.number();
  if (!value) throw Error(Status::internal, "an optimizer's step has no number '" + std::string(field) + "'");
  return *value;
}

OptimizerCard::Slots OptimizerCard::kept(const std::set<std::string>& some) const {
  Slots out = slots;
  for (auto& group : out) std::erase_if(group, [&](const std::string& slot) { return !some.contains(slot); });
  std::erase_if(out, [](const auto& group) { return group.empty(); });
  return out;
}

OptimizerCard& OptimizerCard::keras(std::string name) {
  cls = std::move(name);
  return *this;
}

OptimizerCard& OptimizerCard::about(std::string text) {
  summary = std::move(text);
  return *this;
}

OptimizerCard& OptimizerCard::keeps(Slots groups) {
  slots = std::move(groups);
  return *this;
}

OptimizerCard& OptimizerCard::also(std::string name, std::string slot) {
  other_names.emplace(std::move(name), std::move(slot));
  return *this;
}

OptimizerCard& OptimizerCard::entry(std::string key, Value fallback) {
  config.emplace(std::move(key), std::move(fallback));
  return *this;
}

OptimizerCard& OptimizerCard::told(Complete complete) {
  settle = std::move(complete);
  return *this;
}

OptimizerCard& OptimizerCard::step(std::string_view form, Complete complete) {
  rules.push_back({ir::parse_form(form), std::move(complete)});
  return *this;
}

OptimizerCard& OptimizerCard::writes(std::string step, Dict when, std::string before) {
  codes.push_back({std::move(step), std::move(when), std::move(before)});
  return *this;
}

OptimizerCard& OptimizerCard::starts(std::string slot, std::string entry) {
  slot_start.emplace(std::move(slot), std::move(entry));
  return *this;
}

}  // namespace keraft
