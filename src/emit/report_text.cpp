#include <fmt/format.h>

#include <iterator>

#include "base/string.h"
#include "keraft/report.hpp"

namespace keraft {
namespace {

using base::escaped;
using Out = std::back_insert_iterator<std::string>;

std::string list(const std::vector<Name>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + escaped(name);
  return out;
}

std::string sizes(const std::vector<int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

void side(Out out, const char* title, const Report::Side& side) {
  if (side.path.empty()) return;
  fmt::format_to(out, "{:<9}{} ({})", title, escaped(side.path, 4096), side.kind);
  if (!side.producer.empty()) fmt::format_to(out, ", {}", escaped(side.producer));
  if (!side.keras.empty()) fmt::format_to(out, ", for Keras {}", escaped(side.keras));
  *out++ = '\n';
  for (const std::string& input : side.inputs) fmt::format_to(out, "  in     {}\n", escaped(input));
  for (const std::string& output : side.outputs) fmt::format_to(out, "  out    {}\n", escaped(output));
}

void layer(Out out, const LayerReport& layer) {
  fmt::format_to(out, "  {} · {} · {}, {}\n", escaped(layer.name), layer.cls, layer.how, layer.fidelity);
  if (!layer.from.empty()) fmt::format_to(out, "      from {}\n", list(layer.from));
  for (const WeightReport& weight : layer.weights) {
    fmt::format_to(out, "      {} {} = {}, {}", weight.slot, sizes(weight.shape), escaped(weight.variable),
                   weight.trainable ? "trainable" : "not trainable");
    if (!weight.evidence.empty()) fmt::format_to(out, ": {}", list(weight.evidence));
    *out++ = '\n';
  }
}

void comparison(Out out, const Verification& found) {
  fmt::format_to(out, "\ncomparison: {}\n", found.equal ? "equal" : "DIFFERENT");
  fmt::format_to(out, "  {} samples, seed {}, tolerance {:g} of the largest magnitude + {:g}\n", found.samples, found.seed,
                 found.rtol, found.atol);
  fmt::format_to(out, "  largest difference {:.3g} (relative {:.3g})\n", found.max_abs, found.max_rel);
  if (!found.first_difference.empty()) {
    fmt::format_to(out, "  first layer that differs: {}\n", escaped(found.first_difference));
  }
  if (found.layers.empty()) return;
  size_t width = 5;
  for (const LayerDifference& one : found.layers) width = std::max(width, escaped(one.name).size());
  fmt::format_to(out, "  {:<{}}   absolute   relative        ulp\n", "layer", width);
  for (const LayerDifference& one : found.layers) {
    fmt::format_to(out, "  {:<{}} {:>10.3g} {:>10.3g} {:>10.3g}\n", escaped(one.name), width, one.max_abs, one.max_rel,
                   one.ulp);
  }
}

}  // namespace

std::string Report::text() const {
  std::string all;
  const Out out = std::back_inserter(all);
  fmt::format_to(out, "status   {}\n", status);
  side(out, "source", source);
  side(out, "target", target);
  if (!layers.empty()) fmt::format_to(out, "\nlayers: {}\n", layers.size());
  for (const LayerReport& one : layers) layer(out, one);
  if (!unsupported.empty()) fmt::format_to(out, "\nunsupported: {}\n", unsupported.size());
  for (const Unsupported& one : unsupported) {
    fmt::format_to(out, "  {} ({}): {}\n", escaped(one.node), escaped(one.op), one.reason);
  }
  if (!unused_variables.empty()) fmt::format_to(out, "\nvariables that no layer uses: {}\n", unused_variables.size());
  for (const std::string& one : unused_variables) fmt::format_to(out, "  {}\n", escaped(one));
  if (training) {
    fmt::format_to(out, "\ntraining: {}, {}; {} steps taken, {} variables\n",
                   training->optimizer.empty() ? "no optimizer" : training->optimizer,
                   training->loss.empty() ? "no loss" : training->loss, training->iterations, training->variables);
  }
  if (!cut_off.empty()) fmt::format_to(out, "\nno part of the model:\n");
  for (const CutOff& one : cut_off) fmt::format_to(out, "  {}: {} nodes\n", one.kind, one.nodes);
  if (!lossy.empty()) fmt::format_to(out, "\nleft out or changed: {}\n", lossy.size());
  for (const Lossy& one : lossy) fmt::format_to(out, "  {}: {}\n", escaped(one.where), one.what);
  if (verification) comparison(out, *verification);
  if (error) {
    fmt::format_to(out, "\nerror: {}: {}\n", error->status, error->message);
    if (!error->place.empty()) fmt::format_to(out, "  at {}\n", escaped(error->place, 4096));
  }
  return all;
}

}  // namespace keraft
