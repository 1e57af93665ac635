// Every op card's code: what it says of the card's own samples, read back by the cards, computes the same.
#include <catch2/catch.hpp>

#include "cards/express.h"
#include "cards/infer.h"
#include "cards/run_sample.h"
#include "keraft/run.hpp"
#include "lower/lower.h"

using namespace keraft;

namespace {

/// The sample as a graph: input `open` is an input of the model, the others are constants.
Model model_of(const OpCard& card, const OpCard::Sample& sample, const test::SampleRun& run, size_t open) {
  Model out;
  Graph& graph = out.graph;
  Node node = run.node;
  node.attrs = sample.attrs;
  for (size_t i = 0; i < run.inputs.size(); ++i) {
    const Array& array = run.inputs[i];
    if (i == open) {
      Node input;
      input.name = "x";
      input.op = "ir/Input";
      input.outputs = {{array.dtype, Shape::of(array.dims)}};
      node.inputs.push_back({graph.add(std::move(input)), 0});
      graph.inputs.push_back({"x", node.inputs.back()});
    } else {
      const auto* bytes = reinterpret_cast<const std::byte*>(array.data.get());
      Node constant;
      constant.name = "c" + std::to_string(i);
      constant.op = "tf/Const";
      constant.outputs = {{array.dtype, Shape::of(array.dims)}};
      constant.attrs["dtype"] = array.dtype;
      constant.attrs["value"] = make_tensor(array.dtype, array.dims, std::vector<std::byte>(bytes, bytes + array.bytes()));
      node.inputs.push_back({graph.add(std::move(constant)), 0});
    }
  }
  const NodeId id = add_op(graph, Registry::builtin(), std::move(node));
  for (size_t port = 0; port < run.outputs.size(); ++port)
    graph.outputs.push_back({"y" + std::to_string(port), {id, static_cast<int32_t>(port)}});
  static_cast<void>(card);
  return out;
}

/// The largest input is the model's.
size_t widest(const test::SampleRun& run) {
  size_t out = 0;
  for (size_t i = 1; i < run.inputs.size(); ++i) {
    if (run.inputs[i].elements() > run.inputs[out].elements()) out = i;
  }
  return out;
}

double number(const Array& array, int64_t i) {
  Tensor tensor = make_tensor(array.dtype, {1}, std::vector<std::byte>(size_of(array.dtype)));
  const auto* at = reinterpret_cast<const std::byte*>(array.data.get()) + static_cast<size_t>(i) * size_of(array.dtype);
  tensor = make_tensor(array.dtype, {1}, std::vector<std::byte>(at, at + size_of(array.dtype)));
  return to_doubles(tensor).front();
}

void check_same(const Array& a, const Array& b) {
  REQUIRE(a.dims == b.dims);
  CHECK(a.dtype == b.dtype);
  for (int64_t i = 0; i < a.elements(); ++i) {
    const double x = number(a, i), y = number(b, i);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    CHECK(std::abs(x - y) <= 1e-6 * std::max(1.0, std::abs(x)));
  }
}

}  // namespace

TEST_CASE("the codes of all op cards are in the grammar") {
  for (const OpCard* card : Registry::builtin().ops()) {
    CAPTURE(card->name());
    CHECK_NOTHROW(cards::check_codes(*card));
  }
}

TEST_CASE("an op said in keras.ops and read back computes the same") {
  size_t said = 0;
  for (const OpCard* card : Registry::builtin().ops()) {
    if (!card->has_code() || !card->kernel_fn) continue;
    size_t mine = 0;
    std::string why;
    for (size_t i = 0; i < card->samples.size(); ++i) {
      CAPTURE(card->name(), i);
      const auto run = test::run_sample(*card, card->samples[i]);
      const size_t open = widest(run);
      if (run.inputs.empty() || run.inputs[open].elements() == 0) continue;
      Model model = model_of(*card, card->samples[i], run, open);
      Graph& graph = model.graph;
      const NodeId raw = graph.outputs.front().edge.node;
      const auto calls = cards::express(graph, raw, Registry::builtin(), cards::Weights::written, why);
      if (!calls) continue;
      for (Port& port : graph.outputs) port.edge = calls->results.at(static_cast<size_t>(port.edge.port));
      graph.at(raw).dead = true;
      graph.prune();
      INFO(graph.print());
      model.graph = lower::lower(graph, Registry::builtin());
      INFO(model.graph.print());
      std::vector<std::string> fetch;
      for (const Port& port : graph.outputs) fetch.push_back(port.name);
      const auto found = Runner(model, {}).run({{"x", run.inputs[open]}}, fetch);
      for (size_t port = 0; port < fetch.size(); ++port) check_same(found.at(fetch[port]), run.outputs[port]);
      ++mine;
    }
    CAPTURE(card->name(), why);
    CHECK(mine > 0);
    said += mine;
  }
  CHECK(said > 150);
}
