#include <algorithm>

#include "cards/constants.h"
#include "cards/layers/activation/functions.h"

namespace keraft {
namespace {

/// alpha has the sizes of x behind the batch, 1 on shared axes.
bool slopes(Match& m) {
  const Shape x = m.shape("x");
  WeightUse& use = m.weights.at("alpha");
  if (!x.has_rank() || x.rank() < 2) return false;
  std::vector<int64_t> dims = use.value.dims;
  if (dims.size() == x.rank() && dims.front() == 1) dims.erase(dims.begin());
  if (dims.size() > x.rank() - 1) return false;
  dims.insert(dims.begin(), x.rank() - 1 - dims.size(), 1);
  List shared;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!x[i + 1].is(dims[i]) && dims[i] != 1) return false;
    if (dims[i] == 1 && !x[i + 1].is(1)) shared.emplace_back(static_cast<int64_t>(i + 1));
  }
  if (!shared.empty()) m.config["shared_axes"] = shared;
  use.value = reshaped(use.value, dims);
  return true;
}

/// For forms that hold the slopes times `factor`.
LayerCard::Guard scaled_slopes(double factor) {
  return [factor](Match& m) {
    WeightUse& use = m.weights.at("alpha");
    auto turned = cards::mapped(use.value, [factor](double v) { return v / factor; });
    if (!turned) return false;
    use.value = std::move(*turned);
    return slopes(m);
  };
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(p_re_lu) {
  card.keras("PReLU").about("y = x where x > 0, else alpha · x with a slope for each place, or one along shared axes");
  card.config("shared_axes", Value());
  card.formerly("PReLU", {{"init", "alpha_initializer"}})
      .older_weights([](Dict& config, std::vector<Tensor>& stored, OlderFile file) {
        // Keras 1 does not save them.
        std::vector<int64_t> shared;
        for (size_t i = 0; file.keras1 && stored.size() == 1 && i < stored[0].dims.size(); ++i) {
          if (stored[0].dims[i] == 1) shared.push_back(static_cast<int64_t>(i) + 1);
        }
        if (!shared.empty()) config["shared_axes"] = Value::ints(shared);
      });
  card.weight("alpha", {"*"}).known_as({"alphas"});
  const std::string parts = "p = Relu(x)   n = Neg(x)   q = Relu(n)   ";
  card.form(parts + "a = Neg(@alpha)   h = Mul(q, a)   y = AddV2(p, h)", {}, slopes);
  card.also_reads(parts + "h = Mul(q, @alpha)   y = AddV2(p, h)", {}, scaled_slopes(-1));
  card.also_reads(parts + "h = Mul(q, @alpha)   y = Sub(p, h)", {}, slopes);
  card.also_reads("p = Relu(x)   q = Minimum(x, 0)   h = Mul(q, @alpha)   y = AddV2(p, h)", {}, slopes);
  for (const std::string& text : chosen("h = Mul(x, @alpha)", "0", "x", "h")) card.also_reads(text, {}, slopes);
  const std::string half = "p = Relu(x)   b = Abs(x)   d = Sub(x, b)   ";
  card.also_reads(half + "m = Mul(d, @alpha)   h = Mul(m, 0.5)   y = AddV2(p, h)", {}, slopes);
  card.also_reads(half + "m = Mul(d, 0.5)   h = Mul(m, @alpha)   y = AddV2(p, h)", {}, slopes);
  card.also_reads(half + "h = Mul(d, @alpha)   y = AddV2(p, h)", {}, scaled_slopes(0.5));
  card.fidelity(Fidelity::rounding);
  card.sample({}, {{2, 5, 3}}).sample({{"shared_axes", Value::ints({1, 2})}}, {{2, 4, 3, 6}});
}
