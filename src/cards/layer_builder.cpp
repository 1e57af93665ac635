#include "base/string.h"
#include "cards/layer_card.h"

namespace keraft {

LayerCard& LayerCard::keras(std::string name) {
  cls = std::move(name);
  return *this;
}

LayerCard& LayerCard::custom(std::string registered_name) {
  registered = std::move(registered_name);
  const size_t mark = registered.find('>');
  if (mark == 0 || mark == std::string::npos || mark + 1 == registered.size() ||
      registered.find('>', mark + 1) != std::string::npos) {
    throw Error(Status::argument, "a registered name is \"package>Class\", not " + base::escaped(registered));
  }
  cls = registered.substr(mark + 1);
  return *this;
}

LayerCard& LayerCard::about(std::string text) {
  summary = std::move(text);
  return *this;
}

LayerCard& LayerCard::needs(std::string field) {
  fields.push_back({std::move(field), std::nullopt, true});
  return *this;
}

LayerCard& LayerCard::config(std::string field, Value fallback) {
  fields.push_back({std::move(field), std::move(fallback), false});
  return *this;
}

LayerCard& LayerCard::always() {
  fields.back().always = true;
  return *this;
}

LayerCard& LayerCard::single() {
  fields.back().single = true;
  return *this;
}

LayerCard& LayerCard::also_called(std::string name) {
  fields.back().also = std::move(name);
  return *this;
}

LayerCard& LayerCard::passes_masks() {
  hands_masks_on = true;
  return *this;
}

LayerCard& LayerCard::known_as(std::set<std::string> names) {
  weight_specs.back().known_as.merge(names);
  return *this;
}

LayerCard& LayerCard::not_trainable() {
  weight_specs.back().trainable = false;
  return *this;
}

LayerCard& LayerCard::ones() {
  weight_specs.back().ones = true;
  return *this;
}

LayerCard& LayerCard::averaged_by(std::string field) {
  weight_specs.back().trainable = false;
  weight_specs.back().kept_by = std::move(field);
  return *this;
}

LayerCard& LayerCard::in_group(std::vector<std::string> spellings) {
  weight_specs.back().groups = std::move(spellings);
  return *this;
}

LayerCard& LayerCard::recover_with(std::vector<std::string> ops, size_t statements, Guard look) {
  finders.push_back({std::move(ops), statements, {}, std::move(look)});
  return *this;
}

LayerCard& LayerCard::spreads(std::vector<std::string> names) {
  spreads_inputs = true;
  tensor_arguments = std::move(names);
  return *this;
}

LayerCard& LayerCard::grouped_as(std::string other) {
  group_name = std::move(other);
  return *this;
}

LayerCard& LayerCard::wraps(std::string field, std::string group, std::string prefix, std::string otherwise) {
  if (group.empty()) group = field;
  parts.push_back({std::move(field), std::move(group), std::move(prefix), std::move(otherwise)});
  return *this;
}

LayerCard& LayerCard::repeats_first_weight() {
  repeats_part = true;
  return *this;
}

LayerCard& LayerCard::leaves_out(std::set<std::string> entries) {
  left_out.merge(entries);
  return *this;
}

LayerCard& LayerCard::only_keras2(std::string why, Dict when) {
  keras2_rules.emplace_back(std::move(why), std::move(when));
  return *this;
}

LayerCard& LayerCard::newer(std::string field, std::string version) {
  newer_fields.emplace_back(std::move(field), std::move(version));
  return *this;
}

LayerCard& LayerCard::shorten_with(std::function<void(Dict&)> fn) {
  shorten_fn = std::move(fn);
  return *this;
}

LayerCard& LayerCard::from_keras3(std::string version) {
  since = std::move(version);
  return only_keras3("only Keras 3 has it, from " + since);
}

LayerCard& LayerCard::more_inputs_as(std::string argument) {
  tensor_arguments = {argument};
  list_argument = std::move(argument);
  return *this;
}

LayerCard& LayerCard::call_default(std::string argument, Value value) {
  call_defaults[std::move(argument)] = std::move(value);
  return *this;
}

LayerCard& LayerCard::guard(Guard fn) {
  guard_fn = std::move(fn);
  return *this;
}

LayerCard& LayerCard::lower_with(Lower fn) {
  lower_fn = std::move(fn);
  return *this;
}

LayerCard& LayerCard::gather_with(Gather fn) {
  gather_fn = std::move(fn);
  return *this;
}

LayerCard& LayerCard::fidelity(Fidelity value) {
  how = value;
  return *this;
}

LayerCard& LayerCard::folds_into(std::string field) {
  folds_field = std::move(field);
  return *this;
}

LayerCard& LayerCard::folds_as(std::string field, std::string name, Dict config) {
  functions.push_back({std::move(field), std::move(config), std::move(name)});
  return *this;
}

LayerCard& LayerCard::only_keras3(std::string why, Dict when) {
  keras3_rules.emplace_back(std::move(why), std::move(when));
  return *this;
}

LayerCard& LayerCard::recover_with(std::vector<std::string> ops, size_t statements, Find find) {
  finders.push_back({std::move(ops), statements, std::move(find), {}});
  return *this;
}

LayerCard& LayerCard::settle_with(Settle fn) {
  settle_fn = std::move(fn);
  return *this;
}

LayerCard& LayerCard::training_unknown() {
  training_known = false;
  return *this;
}

LayerCard& LayerCard::as_operation() {
  is_operation = true;
  return *this;
}

LayerCard& LayerCard::identity_at_inference() {
  inference_identity = true;
  return *this;
}

LayerCard& LayerCard::weight(std::string slot, std::vector<std::string> dims, std::string when) {
  weight_specs.push_back({std::move(slot), std::move(dims), std::move(when), {}, true, {}});
  weight_specs.back().known_as.insert(weight_specs.back().slot);
  return *this;
}

LayerCard& LayerCard::form(std::string_view text, Dict config, Guard guard) {
  rules.push_back({ir::parse_form(text), std::move(config), std::move(guard), true});
  return *this;
}

LayerCard& LayerCard::also_reads(std::string_view text, Dict config, Guard guard) {
  rules.push_back({ir::parse_form(text), std::move(config), std::move(guard), false});
  return *this;
}

LayerCard& LayerCard::sample(Dict config, std::vector<std::vector<int64_t>> inputs,
                             std::map<std::string, std::vector<int64_t>> weights) {
  samples.push_back({std::move(config), std::move(inputs), std::move(weights)});
  return *this;
}

LayerCard& LayerCard::formerly(std::string name, std::vector<std::pair<std::string, std::string>> names, Dict entries,
                               Dict when) {
  formers.push_back({std::move(name), std::move(names), std::move(entries), std::move(when), false, {}});
  return *this;
}

LayerCard& LayerCard::without_order() {
  formers.back().saves_no_order = true;
  return *this;
}

LayerCard& LayerCard::settle_former(std::function<void(const Dict& then, Dict& now)> fn) {
  formers.back().settle = std::move(fn);
  return *this;
}

LayerCard& LayerCard::older_weights(OlderWeights fn, bool flips) {
  older_weights_fn = std::move(fn);
  flips_kernels = flips;
  return *this;
}

}  // namespace keraft
