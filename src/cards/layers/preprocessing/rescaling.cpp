#include "cards/layer_card.h"

namespace keraft {
namespace {

/// Fields whose name ends in "_" hold the graph's number; the layer's is its negative or inverse.
bool turn(Match& m) {
  if (const auto minus = m.config.find("offset_"); minus != m.config.end()) {
    m.config["offset"] = -minus->second.number().value_or(0);
    m.config.erase(minus);
  }
  if (const auto divisor = m.config.find("scale_"); divisor != m.config.end()) {
    if (divisor->second.number().value_or(0) == 0) return false;
    m.config["scale"] = 1.0 / *divisor->second.number();
    m.config.erase(divisor);
  }
  for (const char* field : {"scale", "offset"}) {
    if (const auto number = m.config[field].number())
      m.config[field] = *number;
    else
      return false;
  }
  return is_floating(m.graph->type(m.inputs.front()).dtype);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(rescaling) {
  using namespace keraft;
  card.keras("Rescaling").about("y = x · scale + offset");
  card.needs("scale").config("offset", 0.0).always();
  card.form("h = Mul(x, $scale)   y = AddV2(h, $offset)", {}, turn);
  card.also_reads("h = Mul(x, $scale)   y = Sub(h, $offset_)", {}, turn);
  card.also_reads("h = RealDiv(x, $scale_)   y = AddV2(h, $offset)", {}, turn);
  card.also_reads("h = RealDiv(x, $scale_)   y = Sub(h, $offset_)", {}, turn);
  card.also_reads("y = Mul(x, $scale)", {{"offset", 0.0}}, turn);
  card.also_reads("y = RealDiv(x, $scale_)", {{"offset", 0.0}}, turn);
  card.also_reads("y = AddV2(x, $offset)", {{"scale", 1.0}}, turn);
  card.also_reads("y = Sub(x, $offset_)", {{"scale", 1.0}}, turn);
  card.fidelity(Fidelity::rounding);
  card.sample({{"scale", 0.25}, {"offset", -1.5}}, {{2, 5, 3}}).sample({{"scale", 3.0}}, {{3, 4}});
}
