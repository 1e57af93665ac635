#include "cards/generated.h"

#include <algorithm>

namespace keraft::cards {
namespace {

std::vector<std::string> names(const Layer& layer, std::string_view key) {
  std::vector<std::string> out;
  const auto entry = layer.config.find(key);
  const List* list = entry == layer.config.end() ? nullptr : entry->second.get<List>();
  if (!list || !layer.config.contains("form")) return out;
  for (const Value& name : *list) {
    const std::string* text = name.get<std::string>();
    if (!text)
      throw Error(Status::format, "\"" + std::string(key) + "\" of a generated layer holds no names", {{}, {}, layer.name});
    out.push_back(*text);
  }
  return out;
}

}  // namespace

std::optional<LayerCard> generated_card(const Layer& layer) {
  const auto entry = layer.config.find("form");
  const std::string* text = entry == layer.config.end() ? nullptr : entry->second.get<std::string>();
  if (!text || text->size() > 100'000) return std::nullopt;
  LayerCard card;
  card.keras(layer.cls).about("generated").fidelity(Fidelity::approximate);
  try {
    card.form(*text);
  } catch (const Error& error) {
    throw Error(Status::format, "the form of a generated layer does not parse: " + error.message(), {{}, {}, layer.name});
  }
  const auto constants = generated_constants(layer);
  for (const bool constant : {false, true}) {
    for (const ir::Statement& statement : card.rules.front().form.statements) {
      for (const ir::FormArg& arg : statement.args) {
        if (arg.kind != ir::FormArg::Kind::weight || card.spec(arg.name)) continue;
        if ((std::find(constants.begin(), constants.end(), arg.name) != constants.end()) != constant) continue;
        card.weight(arg.name, {});
        if (constant) card.not_trainable();
      }
    }
  }
  if (card.weight_specs.size() != layer.slots.size()) {
    throw Error(Status::format,
                "the form of a generated layer has " + std::to_string(card.weight_specs.size()) + " weights, the file " +
                    std::to_string(layer.slots.size()),
                {{}, {}, layer.name});
  }
  return card;
}

std::vector<std::string> generated_results(const Layer& layer) { return names(layer, "results"); }

std::vector<std::string> generated_constants(const Layer& layer) { return names(layer, "constants"); }

std::string generated_module_head() {
  return "\"\"\"Layers that keraft generated; import this module before loading the model.\"\"\"\n\nimport keras\nfrom keras "
         "import ops\n";
}

}  // namespace keraft::cards
