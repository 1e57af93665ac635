#include "cards/twin.h"

namespace keraft::cards {

const Twin* twin(std::string_view op) {
  static const Twin quotient{"tf/Mul", [](double c) { return 1 / c; }}, difference{"tf/AddV2", [](double c) { return -c; }};
  if (op == "tf/RealDiv" || op == "tf/Div") return &quotient;
  return op == "tf/Sub" ? &difference : nullptr;
}

}  // namespace keraft::cards
