#include <catch2/catch.hpp>
#include <cmath>

#include "cards/loss_card.h"
#include "cards/optimizer_card.h"
#include "ir/form.h"
#include "keraft/registry.hpp"
#include "training/attach.h"
#include "training/averages.h"
#include "training/find.h"
#include "training/terms.h"

using namespace keraft;

namespace {

Tensor filled(std::vector<int64_t> dims, float value) {
  const std::vector<float> values(static_cast<size_t>(element_count(dims)), value);
  return make_tensor<float>(DType::f32, std::move(dims), values);
}

/// Variables of a graph in text: a VariableV2 and its contents.
struct Net {
  Graph graph;
  std::map<std::string, Tensor> contents;
  std::vector<std::pair<std::string, std::string>> lossy;

  explicit Net(std::string_view text) : graph(Graph::parse(text)) {}
  void variable(const std::string& name, Tensor value) {
    for (Node& node : graph.nodes) {
      if (node.name == name) node.attrs = {{"dtype", value.dtype}, {"shape", Shape::of(value.dims)}};
    }
    contents.emplace(name, std::move(value));
  }
  training::Source source() {
    return {Registry::builtin(), control,
            [this](const Node& node) {
              weights::Variable out;
              out.name = out.key = node.name;
              out.value = contents.at(node.name);
              return out;
            },
            [](Graph&) {}, &lossy};
  }
  Training find(const std::string& objective) {
    const training::Source from = source();
    return training::find(graph, training::find_averages(graph, from), {graph.find(objective)}, from);
  }
  Control control;
};

}  // namespace

TEST_CASE("every optimizer's step is one statement, and every slot has a place in Keras' order") {
  for (const OptimizerCard* card : Registry::builtin().optimizers()) {
    CAPTURE(card->cls);
    CHECK_FALSE(card->rules.empty());
    for (const OptimizerCard::Rule& rule : card->rules) {
      CHECK(rule.form.statements.size() == 1);
      for (const ir::FormArg& arg : rule.form.statements.back().args) {
        if (arg.kind == ir::FormArg::Kind::weight) CHECK(card->kept({arg.name}) == OptimizerCard::Slots{{arg.name}});
      }
    }
  }
}

TEST_CASE("every loss names a prediction and a target, every penalty a variable") {
  for (const LossCard* card : Registry::builtin().losses()) {
    CAPTURE(card->cls);
    for (const LossCard::Rule& rule : card->rules) {
      const auto inputs = rule.form.inputs();
      const auto has = [&](const char* name) { return std::count(inputs.begin(), inputs.end(), name) == 1; };
      CHECK((card->penalty ? has("variable") : has("prediction") && has("target")));
    }
  }
}

namespace {

constexpr const char* trained =
    "x = ir/Input() : float32 [B, 4]\n"
    "labels = ir/Input() : float32 [B, 3]\n"
    "w = tf/VariableV2()\n"
    "w/m = tf/VariableV2()\n"
    "rate = tf/Const()\n"
    "momentum = tf/Const()\n"
    "axes = tf/Const()\n"
    "factor = tf/Const()\n"
    "out = tf/MatMul(x, w)\n"
    "xent = tf/SoftmaxCrossEntropyWithLogits(out, labels)\n"
    "mean = tf/Mean(xent, axes)\n"
    "penalty = tf/L2Loss(w)\n"
    "scaled = tf/Mul(factor, penalty)\n"
    "loss = tf/AddV2(mean, scaled)\n"
    "grad = tf/Identity(x)\n"
    "step = tf/ApplyMomentum(w, w/m, rate, grad, momentum, use_nesterov=true)\n"
    "output \"out\" out\n";

void constant(Net& net, const char* name, Tensor value) {
  net.graph.at(net.graph.find(name)).attrs = {{"dtype", value.dtype}, {"value", std::move(value)}};
}

Net momentum_net(const std::string& text = trained) {
  Net net(text);
  net.variable("w", filled({4, 3}, 1));
  net.variable("w/m", filled({4, 3}, 2));
  constant(net, "rate", filled({}, 0.25f));
  constant(net, "momentum", filled({}, 0.9f));
  constant(net, "axes", make_tensor<int32_t>(DType::i32, {1}, std::vector<int32_t>{0}));
  constant(net, "factor", filled({}, 0.02f));
  return net;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("optimizer, loss and penalty are read from a training graph") {
  Net net = momentum_net();
  const Training found = net.find("loss");
  REQUIRE(found.optimizer);
  CHECK(found.optimizer->cls == "SGD");
  CHECK(found.optimizer->config.at("nesterov") == Value(true));
  CHECK(found.optimizer->config.at("momentum") == Value(0.9));
  CHECK(found.optimizer->slots == OptimizerCard::Slots{{"momentum"}});
  const VariableTraining& w = found.variables.at("w");
  CHECK(w.stepped);
  CHECK(w.slots.at("momentum").as<float>() == std::vector<float>(12, -0.5f));  // Keras keeps what it subtracts
  CHECK(w.penalties.at("l2") == Approx(0.01));
  REQUIRE(found.losses.size() == 1);
  CHECK(found.losses[0].cls == "CategoricalCrossentropy");
  CHECK(found.losses[0].config.at("from_logits") == Value(true));
  CHECK(found.losses[0].weight == 1);
  CHECK(net.lossy.empty());
}

TEST_CASE("a loss of the softmax that the model ends in takes probabilities") {
  Net net = momentum_net(replaced(trained, "output \"out\" out", "p = tf/Softmax(out)\noutput \"p\" p"));
  const Training found = net.find("loss");
  REQUIRE(found.losses.size() == 1);
  CHECK_FALSE(found.losses[0].config.contains("from_logits"));
}

TEST_CASE("TF-Slim's softmax is one of rows, between reshapes") {
  const std::string slim = "rows = tf/Reshape(out, shape)\np = tf/Softmax(rows)\nq = tf/Reshape(p, shape)\noutput \"q\" q";
  Net net = momentum_net(replaced(replaced(trained, "output \"out\" out", slim), "axes =", "shape = tf/Const()\naxes ="));
  constant(net, "shape", make_tensor<int32_t>(DType::i32, {2}, std::vector<int32_t>{-1, 3}));
  const Training found = net.find("loss");
  REQUIRE(found.losses.size() == 1);
  CHECK_FALSE(found.losses[0].config.contains("from_logits"));
}

TEST_CASE("the output of a training graph is the activation, before or behind a reshape") {
  const std::string reshaped = "shape = tf/Const()\nraw = tf/MatMul(x, w)\nout = tf/Reshape(raw, shape)\n";
  const std::string text = replaced(trained, "out = tf/MatMul(x, w)\n", reshaped);
  for (const char* logits : {"out", "raw"}) {
    Net net = momentum_net(replaced(text, "output \"out\" out", "p = tf/Softmax(" + std::string(logits) + ")\noutput \"p\" p"));
    constant(net, "shape", make_tensor<int32_t>(DType::i32, {2}, std::vector<int32_t>{-1, 3}));
    const auto found = training::predictions(net.graph, net.graph.find("loss"), Registry::builtin());
    REQUIRE(found);
    CHECK(*found == std::vector<Edge>{{net.graph.find("p"), 0}});
  }
}

TEST_CASE("a sum is no mean") {
  Net net = momentum_net(replaced(trained, "tf/Mean(xent, axes)", "tf/Sum(xent, axes)"));
  CHECK(net.find("loss").losses.at(0).config.at("reduction") == Value("sum"));
}

TEST_CASE("what Keras would train otherwise is left out and told") {
  const auto [from, to, optimizer, loss] = GENERATE(table<const char*, const char*, bool, bool>({
      {"tf/ApplyMomentum(w, w/m, rate, grad, momentum, use_nesterov=true)", "tf/ApplyFtrl(w, w/m, rate, grad)", false, true},
      {"rate = tf/Const()", "fed = ir/Input() : float32 []\nrate = tf/Const()\nr = tf/Mul(rate, fed)", true, true},
      {"tf/SoftmaxCrossEntropyWithLogits(out, labels)", "tf/SoftmaxCrossEntropyWithLogits(x, labels)", true, false},
      {"mean = tf/Mean(xent, axes)", "weighted = tf/Mul(xent, labels)\nmean = tf/Mean(weighted, axes)", true, false},
      {"loss = tf/AddV2(mean, scaled)", "strange = tf/Erf(out)\nloss = tf/AddV2(mean, strange)", true, false},
      {"tf/L2Loss(w)", "tf/Atan(w)", true, false},
  }));
  Net net = momentum_net(replaced(trained, from, to));
  const Training found = net.find("loss");
  CAPTURE(to);
  CHECK(found.optimizer.has_value() == optimizer);
  CHECK(found.losses.empty() == !loss);
  if (!optimizer || !loss) CHECK_FALSE(net.lossy.empty());
}

TEST_CASE("a learning rate that is fed is unknown") {
  Net net = momentum_net(replaced(replaced(trained, "rate = tf/Const()", "fed = ir/Input() : float32 []\nrate = tf/Const()"),
                                  "w/m, rate, grad", "w/m, fed, grad"));
  CHECK_FALSE(net.find("loss").optimizer);
  REQUIRE(net.lossy.size() == 1);
  CHECK(net.lossy[0].second.find("learning_rate") != std::string::npos);
}

TEST_CASE("the average of a variable is its shadow; that of batch statistics takes their place") {
  Net net(
      "x = ir/Input() : float32 [B, 4]\n"
      "axes = tf/Const()\n"
      "rate = tf/Const()\n"
      "kept = tf/Const()\n"
      "w = tf/VariableV2()\n"
      "w/average = tf/VariableV2()\n"
      "mean/average = tf/VariableV2()\n"
      "other = tf/VariableV2()\n"
      "mean = tf/Mean(x, axes)\n"
      "y = tf/Sub(x, mean)\n"
      "d = tf/Sub(mean/average, mean)\n"
      "u = tf/Mul(d, rate)\n"
      "s = tf/AssignSub(mean/average, u)\n"
      "d2 = tf/Sub(w/average, w)\n"
      "u2 = tf/Mul(rate, d2)\n"
      "s2 = tf/AssignSub(w/average, u2)\n"
      "o3 = tf/Mul(other, kept)\n"
      "n3 = tf/Mul(mean, rate)\n"
      "u3 = tf/AddV2(o3, n3)\n"
      "s3 = tf/Assign(other, u3)\n"
      "u4 = tf/AddV2(n3, n3)\n"
      "s4 = tf/Assign(other, u4)\n"
      "output \"y\" y\n");
  net.variable("w", filled({4}, 1));
  net.variable("w/average", filled({4}, 2));
  net.variable("mean/average", filled({4}, 3));
  net.variable("other", filled({4}, 4));
  constant(net, "rate", filled({}, 0.125f));
  constant(net, "kept", filled({}, 0.875f));
  constant(net, "axes", make_tensor<int32_t>(DType::i32, {1}, std::vector<int32_t>{0}));
  const training::Source source = net.source();
  const auto averages = training::find_averages(net.graph, source);
  REQUIRE(averages.size() == 3);
  CHECK(averages[0].kept == 0.875);
  CHECK(averages[2].kept == 0.875);
  const auto shadows = training::shadows(net.graph, averages, source);
  REQUIRE(shadows.size() == 1);
  CHECK(net.graph.at(shadows.begin()->second).name == "w/average");
  training::use_averages(net.graph, averages, source);
  CHECK(net.graph.at(net.graph.at(net.graph.find("y")).inputs[1].node).name == "mean/average");
}

TEST_CASE("Adam counts its steps by the powers of beta") {
  const OptimizerCard* adam = nullptr;
  for (const OptimizerCard* card : Registry::builtin().optimizers()) adam = card->cls == "Adam" ? card : adam;
  REQUIRE(adam);
  for (const int steps : {0, 1, 7, 500, 20000}) {
    float one = 0.9f, two = 0.999f;
    for (int i = 0; i < steps; ++i) one *= 0.9f, two *= 0.999f;
    OptimizerStep step;
    step.config = {{"beta_1", 0.9}, {"beta_2", 0.999}};
    step.config["_power_beta_1"] = static_cast<double>(one);
    step.config["_power_beta_2"] = static_cast<double>(two);
    REQUIRE(adam->rules[0].complete(step));
    CHECK(*step.iterations == Approx(steps).epsilon(1e-3).margin(0.01));
  }
}
