#include "cards/generated.h"

#include <algorithm>

namespace keraft::cards {

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
  for (const ir::Statement& statement : card.rules.front().form.statements) {
    for (const ir::FormArg& arg : statement.args) {
      if (arg.kind == ir::FormArg::Kind::weight && !card.spec(arg.name)) card.weight(arg.name, {});
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

std::string generated_module_head() {
  return "\"\"\"Layers that keraft generated; import this module before loading the model.\"\"\"\n\nimport keras\nfrom keras "
         "import ops\n";
}

}  // namespace keraft::cards
