// Acme's ops and layers as cards in C++: extend GRAPH TARGET
#include <cmath>
#include <iostream>

#include "cards/layer_card.h"
#include "cards/op_card.h"
#include "keraft/keraft.hpp"

namespace {

keraft::OpCard shift() {
  keraft::OpCard op;
  op.tf("AcmeShift").about("x + shift").in("x").in("shift").out("y").attr("T", keraft::DType::f32);
  op.shape([](keraft::ShapeContext& s) { s.same(0, 0); });
  op.kernel([](keraft::KernelContext& k) {
    const keraft::Array &x = k.array(0), &shift = k.array(1);
    float* y = k.result().as<float>();
    for (int64_t i = 0; i < x.elements(); ++i) y[i] = x.as<float>()[i] + shift.as<float>()[i % shift.elements()];
  });
  op.fidelity(keraft::Fidelity::rounding);
  return op;
}

keraft::OpCard gate() {
  keraft::OpCard op;
  op.tf("AcmeGate").about("x · sigmoid(sharpness · gate · x)").in("x").in("gate").out("y");
  op.attr("T", keraft::DType::f32).attr("sharpness", 1.0);
  op.shape([](keraft::ShapeContext& s) {
    if (s.dtype(0) != keraft::DType::f32) s.fail("wants float32");
    s.same(0, 0);
  });
  op.kernel([](keraft::KernelContext& k) {
    const keraft::Array &x = k.array(0), &gate = k.array(1);
    const auto sharpness = static_cast<float>(k.real("sharpness"));
    float* y = k.result().as<float>();
    for (int64_t i = 0; i < x.elements(); ++i) {
      const float value = x.as<float>()[i];
      y[i] = value / (1 + std::exp(-sharpness * gate.as<float>()[i % gate.elements()] * value));
    }
  });
  op.fidelity(keraft::Fidelity::approximate);
  return op;
}

keraft::LayerCard gate_layer() {
  keraft::LayerCard card;
  card.custom("acme>Gate").about("x · sigmoid(sharpness · gate · x)");
  card.config("sharpness", 1.0).weight("gate", {"channels"});
  card.form("y = AcmeGate(x, @gate, sharpness=$sharpness)", {}, [](keraft::Match& m) {
    const auto sharpness = m.get("sharpness")->number();
    return sharpness && *sharpness > 0;
  });
  return card;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  keraft::Registry registry = keraft::Registry::builtin();
  registry.add(shift());
  registry.add(gate());
  registry.add(gate_layer());
  registry.add_rules("more Dense { reads { h = MatMul(x, @kernel)  y = AcmeShift(h, @bias) } {use_bias: true} }");

  keraft::LoadOptions options;
  options.registry = registry;
  const keraft::Model source = keraft::load(argv[1], options);
  keraft::Conversion done = keraft::convert(source);
  std::cout << done.report.text();
  if (done.report.status != "ok") return 1;
  keraft::write(done.model, argv[2], keraft::Kind::keras_v3);

  const keraft::Model written = keraft::load(argv[2], options);
  return keraft::verify(source, written).equal ? 0 : 1;
} catch (const keraft::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
