#include "base/json_out.h"
#include "keraft/report.hpp"
#include "keraft/version.hpp"

namespace keraft {
namespace {

using base::JsonOut;

void side(JsonOut& out, const Report::Side& side, bool target) {
  out.open('{').key("path").text(side.path).key("kind").text(side.kind);
  if (!target) out.key("producer").text(side.producer);
  out.key("inputs").texts(side.inputs).key("outputs").texts(side.outputs);
  if (target) out.key("keras").text(side.keras);
  out.close();
}

void layer(JsonOut& out, const LayerReport& layer) {
  out.open('{').key("name").text(layer.name).key("class").text(layer.cls).key("from").texts(layer.from);
  out.key("how").text(layer.how).key("fidelity").text(layer.fidelity).key("weights").open('[');
  for (const WeightReport& weight : layer.weights) {
    out.open('{').key("slot").text(weight.slot).key("variable").text(weight.variable).key("shape").integers(weight.shape);
    out.key("trainable").flag(weight.trainable).key("evidence").texts(weight.evidence).close();
  }
  out.close().close();
}

void verification(JsonOut& out, const Verification& found) {
  out.open('{').key("samples").integer(found.samples).key("seed").count(found.seed);
  out.key("rtol").number(found.rtol).key("atol").number(found.atol).key("equal").flag(found.equal);
  out.key("max_abs").number(found.max_abs).key("max_rel").number(found.max_rel).key("layers").open('[');
  for (const LayerDifference& layer : found.layers) {
    out.open('{').key("name").text(layer.name).key("max_abs").number(layer.max_abs);
    out.key("max_rel").number(layer.max_rel).key("ulp").number(layer.ulp).close();
  }
  out.close().key("first_difference");
  if (found.first_difference.empty()) {
    out.null();
  } else {
    out.text(found.first_difference);
  }
  out.close();
}

}  // namespace

std::string Report::json() const {
  JsonOut out;
  out.open('{').key("keraft").text(KERAFT_VERSION).key("status").text(status);
  out.key("source");
  side(out, source, false);
  out.key("target");
  side(out, target, true);
  out.key("layers").open('[');
  for (const LayerReport& one : layers) layer(out, one);
  out.close().key("unsupported").open('[');
  for (const Unsupported& one : unsupported) {
    out.open('{').key("node").text(one.node).key("op").text(one.op).key("reason").text(one.reason).close();
  }
  out.close().key("cut_off").open('[');
  for (const CutOff& one : cut_off) out.open('{').key("kind").text(one.kind).key("nodes").integer(one.nodes).close();
  out.close().key("training");
  if (training) {
    out.open('{').key("optimizer").text(training->optimizer).key("loss").text(training->loss);
    out.key("iterations").integer(training->iterations).key("variables").integer(training->variables).close();
  } else {
    out.null();
  }
  out.key("unused_variables").texts(unused_variables).key("lossy").open('[');
  for (const Lossy& one : lossy) out.open('{').key("where").text(one.where).key("what").text(one.what).close();
  out.close().key("verification");
  if (verification) {
    keraft::verification(out, *verification);
  } else {
    out.null();
  }
  out.key("error");
  if (error) {
    out.open('{').key("status").text(error->status).key("message").text(error->message).key("place").text(error->place).close();
  } else {
    out.null();
  }
  return out.take();
}

}  // namespace keraft
