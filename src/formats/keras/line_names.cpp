#include "formats/keras/line_names.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>

#include "formats/keras/layout.h"

namespace keraft::formats {
namespace {

/// Keras 2: clip(0.2 x + 0.5, 0, 1). Keras 3: relu6(x + 3) / 6.
struct Twin {
  std::string_view shared, of_keras2;
};
constexpr std::array<Twin, 1> twins{{{"hard_sigmoid", "keras2_hard_sigmoid"}}};

/// Names that not all versions know, and the one that all do.
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> synonyms{{{"silu", "swish"}}};

/// The other name of a function, where it has one.
using Names = std::function<std::optional<std::string_view>(std::string_view)>;

std::optional<Value> renamed(std::string_view key, const Value& value, const Names& names) {
  std::optional<Value> out;
  if (const Dict* dict = value.get<Dict>()) {
    for (const auto& [name, inner] : *dict) {
      auto other = renamed(name, inner, names);
      if (!other) continue;
      if (!out) out = value;
      (*out->edit<Dict>())[name] = std::move(*other);
    }
  } else if (const List* list = value.get<List>()) {
    for (size_t i = 0; i < list->size(); ++i) {
      auto other = renamed({}, (*list)[i], names);
      if (!other) continue;
      if (!out) out = value;
      (*out->edit<List>())[i] = std::move(*other);
    }
  } else if (const std::string* name = key.ends_with("activation") ? value.get<std::string>() : nullptr) {
    if (const auto other = names(*name)) out = Value(std::string(*other));
  }
  return out;
}

void rename(Dict& config, const Names& names) {
  for (auto& [key, value] : config.edit()) {
    if (auto other = renamed(key, value, names)) value = std::move(*other);
  }
}

std::optional<std::string_view> twin_of(std::string_view name, std::string_view Twin::*from, std::string_view Twin::*to) {
  const auto twin = std::find_if(twins.begin(), twins.end(), [&](const Twin& one) { return name == one.*from; });
  return twin == twins.end() ? std::nullopt : std::optional((*twin).*to);
}

}  // namespace

void name_functions(Graph& graph, bool keras2) {
  const Names names = [&](std::string_view name) -> std::optional<std::string_view> {
    const auto synonym = std::find_if(synonyms.begin(), synonyms.end(), [&](const auto& one) { return one.first == name; });
    if (synonym != synonyms.end()) return synonym->second;
    return keras2 ? twin_of(name, &Twin::shared, &Twin::of_keras2) : std::nullopt;
  };
  for (Layer& layer : graph.layers) rename(layer.config, names);
}

Dict in_words_of_keras2(Dict config) {
  rename(config, [](std::string_view name) { return twin_of(name, &Twin::of_keras2, &Twin::shared); });
  return config;
}

bool is_of_keras2(const Graph& graph, const Registry& registry) {
  return std::any_of(graph.layers.begin(), graph.layers.end(),
                     [&](const Layer& layer) { return !keras2_only(layer, registry).empty(); });
}

}  // namespace keraft::formats
