#include "cards/loss_card.h"

namespace keraft {

LossCard& LossCard::keras(std::string name) {
  cls = std::move(name);
  return *this;
}

LossCard& LossCard::about(std::string text) {
  summary = std::move(text);
  return *this;
}

LossCard& LossCard::is_penalty(std::string argument) {
  cls = std::move(argument);
  penalty = true;
  return *this;
}

LossCard& LossCard::also(std::string name) {
  names.push_back(std::move(name));
  return *this;
}

LossCard& LossCard::entry(std::string key, Value fallback) {
  config.emplace(std::move(key), std::move(fallback));
  return *this;
}

LossCard& LossCard::after(std::string op) {
  activation = "tf/" + op;
  return *this;
}

LossCard& LossCard::elements(std::string_view form, double factor) {
  rules.push_back({ir::parse_form(form), factor, false, false});
  return *this;
}

LossCard& LossCard::rows(std::string_view form, double factor) {
  rules.push_back({ir::parse_form(form), factor, true, false});
  return *this;
}

LossCard& LossCard::of_logits() {
  rules.back().logits = true;
  return *this;
}

LossCard& LossCard::writes_elements(std::string text, Dict when) {
  codes.push_back({std::move(text), false, {}, std::move(when)});
  return *this;
}

LossCard& LossCard::writes_rows(std::string text, Dict when) {
  codes.push_back({std::move(text), true, {}, std::move(when)});
  return *this;
}

LossCard& LossCard::from_logits() {
  codes.back().logits_of = {"tf/Softmax", "tf/Sigmoid"};
  return *this;
}

}  // namespace keraft
