#include "formats/keras/line_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/keras/layout.h"

namespace keraft::formats {
namespace {

/// Keras 2: clip(0.2 x + 0.5, 0, 1). Keras 3: relu6(x + 3) / 6.
struct Twin {
  std::string_view shared, of_keras2;
};
constexpr std::array<Twin, 1> twins{{{"hard_sigmoid", "keras2_hard_sigmoid"}}};

Dict renamed(const Dict& config, std::string_view Twin::*from, std::string_view Twin::*to);

Value renamed(const std::string& key, const Value& value, std::string_view Twin::*from, std::string_view Twin::*to) {
  if (const Dict* dict = value.get<Dict>()) return renamed(*dict, from, to);
  if (const List* list = value.get<List>()) {
    List out;
    for (const Value& one : *list) out.push_back(renamed(std::string(), one, from, to));
    return out;
  }
  const std::string* name = key.ends_with("activation") ? value.get<std::string>() : nullptr;
  const auto twin = std::find_if(twins.begin(), twins.end(), [&](const Twin& one) { return name && *name == one.*from; });
  return twin == twins.end() ? value : Value(std::string((*twin).*to));
}

Dict renamed(const Dict& config, std::string_view Twin::*from, std::string_view Twin::*to) {
  Dict out;
  for (const auto& [key, value] : config) out[key] = renamed(key, value, from, to);
  return out;
}

}  // namespace

void name_functions_of_keras2(Graph& graph) {
  for (Layer& layer : graph.layers) layer.config = renamed(layer.config, &Twin::shared, &Twin::of_keras2);
}

Dict in_words_of_keras2(const Dict& config) { return renamed(config, &Twin::of_keras2, &Twin::shared); }

bool is_of_keras2(const Graph& graph, const Registry& registry) {
  return std::any_of(graph.layers.begin(), graph.layers.end(),
                     [&](const Layer& layer) { return !keras2_only(layer, registry).empty(); });
}

}  // namespace keraft::formats
