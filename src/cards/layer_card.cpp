#include "cards/layer_card.h"

#include <algorithm>

namespace keraft {

const LayerCard::Field* LayerCard::field(std::string_view name) const noexcept {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const LayerCard::WeightSpec* LayerCard::spec(std::string_view slot) const noexcept {
  const auto found =
      std::find_if(weight_specs.begin(), weight_specs.end(), [&](const WeightSpec& w) { return w.slot == slot; });
  return found == weight_specs.end() ? nullptr : &*found;
}

namespace {

/// "entry": is it true, or something? "entry=value": is it that? "!…": is it not so?
bool asks_for(const LayerCard& card, const Dict& config, std::string_view when) {
  if (when.empty()) return true;
  if (when.front() == '!') return !asks_for(card, config, when.substr(1));
  const size_t equals = when.find('=');
  const Value& entry = card.value(config, when.substr(0, equals));
  if (equals != std::string_view::npos) return entry == Value(std::string(when.substr(equals + 1)));
  const bool* flag = entry.get<bool>();
  return flag ? *flag : !entry.null();
}

}  // namespace

std::vector<const LayerCard::WeightSpec*> LayerCard::slots(const Dict& config) const {
  std::vector<const WeightSpec*> out;
  for (const bool trainable : {true, false}) {
    for (const WeightSpec& spec : weight_specs) {
      if (spec.trainable == trainable && asks_for(*this, config, spec.when)) out.push_back(&spec);
    }
  }
  return out;
}

const Value& LayerCard::value(const Dict& config, std::string_view name) const {
  static const Value none;
  if (const auto found = config.find(name); found != config.end()) return found->second;
  const Field* known = field(name);
  return known && known->fallback ? *known->fallback : none;
}

bool LayerCard::holds(const Dict& config, const Dict& part) const {
  return std::all_of(part.begin(), part.end(), [&](const auto& entry) {
    const Value &mine = value(config, entry.first), &wanted = entry.second;
    return mine == wanted || (mine.number() && mine.number() == wanted.number());
  });
}

std::optional<std::pair<std::string, Value>> LayerCard::as_function(const Dict& config) const {
  if (!folds_field.empty()) return std::pair(folds_field, value(config, folds_field));
  for (const Function& function : functions) {
    Dict whole = function.config;
    for (const Field& known : fields) {
      if (known.fallback) whole.try_emplace(known.name, *known.fallback);
    }
    if (holds(config, whole)) return std::pair(function.field, Value(function.name));
  }
  return std::nullopt;
}

std::string LayerCard::keras3_only(const Dict& config) const {
  for (const auto& [why, when] : keras3_rules) {
    if (holds(config, when)) return why;
  }
  return {};
}

std::string LayerCard::keras2_only(const Dict& config) const {
  for (const auto& [why, when] : keras2_rules) {
    if (holds(config, when)) return why;
  }
  return {};
}

bool LayerCard::lowers() const noexcept {
  return lower_fn || inference_identity || !folds_field.empty() ||
         std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.writes; });
}

Shape Match::shape(std::string_view value) const {
  const auto found = values.find(value);
  return found == values.end() ? Shape() : graph->type(found->second).shape;
}

std::optional<int64_t> Match::channels(std::string_view value) const {
  const Shape found = shape(value);
  if (!found.has_rank() || found.rank() < 2) return std::nullopt;
  const Value* layout = get("data_format");
  const bool first = layout && *layout == Value("channels_first");
  const Dim& dim = found[first ? 1 : found.rank() - 1];
  return dim.known() ? std::optional(dim.value()) : std::nullopt;
}

size_t Match::readers(NodeId node) const {
  size_t out = 0;
  for (const NodeId reader : (*reader_lists)[static_cast<size_t>(node)]) out += graph->at(reader).dead ? 0 : 1;
  for (const Port& port : graph->outputs) out += port.edge.node == node ? 1 : 0;
  return out;
}

const Value* Match::get(std::string_view field) const {
  const auto found = config.find(field);
  if (found != config.end()) return &found->second;
  const LayerCard::Field* known = card->field(field);
  return known && known->fallback ? &*known->fallback : nullptr;
}

}  // namespace keraft
