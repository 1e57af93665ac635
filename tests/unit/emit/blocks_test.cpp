#include "emit/blocks.h"

#include <catch2/catch.hpp>
#include <random>

#include "emit/keras_code.h"
#include "emit/statements.h"
#include "formats/keras/model_builder.h"

using namespace keraft;
using namespace keraft::emit;

namespace {

/// A statement that was carried out. Inputs are the ones before it, by number and port.
struct Made {
  std::string what;
  std::map<std::string, std::string> arguments;
  std::vector<std::pair<size_t, int>> inputs;
  bool operator==(const Made&) const = default;
};

/// Carries a program out.
class Expander {
 public:
  explicit Expander(const Program& program) : program_(program) {}

  std::vector<Made> all() {
    run(program_.items, {{}, {}, {}});
    return made_;
  }

 private:
  using Tensor = std::pair<size_t, int>;
  struct Frame {
    std::vector<std::string> parameters;
    std::vector<Tensor> tensors;
    std::map<NodeId, size_t> results;
    int64_t counter = 0;
  };

  static std::string value(const Pattern& pattern, const Frame& frame) {
    std::string out;
    for (const Piece& piece : pattern.pieces) {
      if (piece.variable == Piece::literal) {
        out += piece.text;
      } else if (piece.variable == Piece::counter) {
        out += std::to_string(piece.factor * frame.counter + piece.offset);
      } else {
        const std::string& given = frame.parameters.at(static_cast<size_t>(piece.variable));
        const bool same = piece.factor == 1 && piece.offset == 0;
        out += same ? given : std::to_string(piece.factor * std::stoll(given) + piece.offset);
      }
    }
    return out;
  }

  size_t run(const std::vector<Item>& items, Frame frame) {
    size_t last = 0;
    for (const Item& item : items) {
      std::vector<Tensor> inputs;
      for (const Edge& edge : item.inputs) {
        if (is_tensor(edge)) {
          inputs.push_back(frame.tensors.at(tensor_of(edge)));
        } else {
          inputs.emplace_back(frame.results.at(edge.node), edge.port);
        }
      }
      if (item.loop) {
        const int64_t first = std::stoll(value(item.arguments[0].value, frame));
        const int64_t stop = std::stoll(value(item.arguments[1].value, frame));
        for (frame.counter = first; frame.counter <= stop; frame.counter += item.step) {
          last = one(item, frame, inputs);
          inputs[item.carried] = {last, 0};
        }
      } else {
        last = one(item, frame, inputs);
      }
      frame.results[item.result] = last;
    }
    return last;
  }

  size_t one(const Item& item, const Frame& frame, const std::vector<Tensor>& inputs) {
    const size_t bounds = item.loop ? 2 : 0;
    const auto index = static_cast<size_t>(item.callee);
    if (item.call) {
      Frame inner{{}, inputs, {}};
      for (size_t i = bounds; i < item.arguments.size(); ++i) inner.parameters.push_back(value(item.arguments[i].value, frame));
      return run(program_.functions.at(index).body, std::move(inner));
    }
    const Callee& callee = program_.callees.at(index);
    Made made{callee.text + (callee.list ? " list" : ""), {}, inputs};
    for (const Expr& keyword : callee.keywords) made.what += " " + keyword.flat();
    for (const auto& [place, argument] : callee.defaults) made.arguments[argument.key] = value(argument.value, frame);
    for (size_t i = bounds; i < item.arguments.size(); ++i)
      made.arguments[item.arguments[i].key] = value(item.arguments[i].value, frame);
    made_.push_back(std::move(made));
    return made_.size() - 1;
  }

  const Program& program_;
  std::vector<Made> made_;
};

class Builder : public formats::testing::ModelBuilder {
 public:
  Edge add(const std::string& cls, const std::string& name, std::vector<Edge> inputs, Dict config = {}) {
    const Edge out = call(layer(cls, name, std::move(config)), std::move(inputs));
    graph.at(out.node).name = name;
    return out;
  }
  /// A node of keras.ops.
  Edge operation(const std::string& op, Edge x, Dict attrs) {
    Node node;
    node.name = op + std::to_string(graph.nodes.size());
    node.op = "keras.ops/" + op;
    node.inputs = {x};
    node.attrs = std::move(attrs);
    return {graph.add(std::move(node)), 0};
  }
  Edge conv(const std::string& name, Edge x, int64_t filters, int64_t size, Dict more = {}) {
    more.emplace("filters", filters);
    more.emplace("kernel_size", List{size, size});
    return add("Conv2D", name, {x}, std::move(more));
  }
  Edge conv_bn(const std::string& name, Edge x, int64_t filters, int64_t size) {
    x = add("BatchNormalization", name + "_bn", {conv(name + "_conv", x, filters, size)}, {{"epsilon", 1.001e-5}});
    return add("Activation", name + "_relu", {x}, {{"activation", "relu"}});
  }
  /// Named as Keras names what nobody named, with a size that follows another one.
  Edge numbered(int number, Edge x, int64_t filters) {
    const auto name = [&](const char* base, int first) { return base + ("_" + std::to_string(number + first)); };
    x = add("Conv2D", name("conv2d", 0), {x}, {{"filters", filters}, {"kernel_size", List{3, 3}}});
    x = add("Reshape", name("reshape", 2), {x}, {{"target_shape", List{1, 1, 2 * filters}}});
    return add("BatchNormalization", name("batch_normalization", 0), {x});
  }
  /// As those of ResNet50.
  Edge residual(const std::string& name, Edge x, int64_t filters, bool projects) {
    Edge y = conv_bn(name + "_1", x, filters, 1);
    y = conv_bn(name + "_2", y, filters, 3);
    if (projects) x = add("BatchNormalization", name + "_0_bn", {conv(name + "_0_conv", x, 4 * filters, 1)});
    y = add("BatchNormalization", name + "_3_bn", {conv(name + "_3_conv", y, 4 * filters, 1)});
    return add("Activation", name + "_out", {add("Add", name + "_add", {x, y})}, {{"activation", "relu"}});
  }
};

size_t loops(const Program& program) {
  const auto count = [](const std::vector<Item>& items) {
    return static_cast<size_t>(std::count_if(items.begin(), items.end(), [](const Item& item) { return item.loop; }));
  };
  size_t out = count(program.items);
  for (const Function& function : program.functions) out += count(function.body);
  return out;
}

/// The program of the graph, which is that graph when it is carried out.
Program checked(const Graph& graph) {
  const Program plain = statements(graph, Registry::builtin(), branch_by_branch(graph, graph.order()));
  Program out = folded(plain);
  const auto wanted = Expander(plain).all(), found = Expander(out).all();
  REQUIRE(wanted.size() == plain.items.size());
  REQUIRE(found.size() == wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    INFO(i << ": " << wanted[i].what);
    REQUIRE((found[i] == wanted[i]));
  }
  return out;
}

std::string code(const Graph& graph) { return keras_code(graph, Registry::builtin(), "A test."); }

}  // namespace

TEST_CASE("residual blocks become functions and loops") {
  Builder m;
  Edge x = m.input("image", {Dim::symbol("B"), 32, 32, 3});
  for (const auto& [stage, count] : {std::pair(2, 3), {3, 4}, {4, 6}, {5, 3}}) {
    for (int block = 1; block <= count; ++block)
      x = m.residual("conv" + std::to_string(stage) + "_block" + std::to_string(block), x, 32 << stage, block == 1);
  }
  m.output(x);
  const Program program = checked(m.graph);
  CHECK(program.functions.size() >= 2);
  CHECK(loops(program) == 1);
  // A function of the stages, of which each has its number of blocks.
  CHECK_THAT(code(m.graph), Catch::Matchers::Contains("    for i in range(2, last + 1):\n"));
}

TEST_CASE("a chain that counts becomes a loop") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 7}), first = x;
  for (int i = 3; i < 9; ++i) x = m.add("Dense", "dense_" + std::to_string(i), {x}, {{"units", 7}, {"activation", "relu"}});
  m.output(m.add("Add", "sum", {first, x}));
  CHECK(loops(checked(m.graph)) == 1);
  CHECK_THAT(code(m.graph),
             Catch::Matchers::Contains("    x = x_2\n"
                                       "    for i in range(3, 9):\n"
                                       "        x = layers.Dense(7, activation=\"relu\", name=f\"dense_{i}\")(x)\n"));
}

TEST_CASE("a list of layers counts in place") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 7});
  for (int i = 0; i < 4; ++i) x = m.add("Dense", "dense_" + std::to_string(i), {x}, {{"units", 7}});
  m.output(m.add("Dense", "last", {x}, {{"units", 3}}));
  CHECK_THAT(code(m.graph), Catch::Matchers::Contains("            *[layers.Dense(7, name=f\"dense_{i}\") for i in range(4)],\n"
                                                      "            layers.Dense(3, name=\"last\"),\n"));
}

TEST_CASE("operations keep their numbers in functions") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 7});
  for (const char* name : {"first", "second", "third", "fourth", "fifth", "sixth", "seventh"}) {
    x = m.operation("Add", m.add("Dense", name, {x}, {{"units", 7}}), {{"x2", 3.0}});
    x = m.add("ReLU", std::string(name) + "_relu", {m.operation("Multiply", x, {{"x2", 0.5}})}, {{"max_value", 6.0}});
  }
  m.output(x);
  CHECK(checked(m.graph).functions.size() == 1);
  CHECK_THAT(code(m.graph), Catch::Matchers::Contains("    x = layers.Dense(7, name=name)(x)\n"
                                                      "    x = ops.add(x, 3.0)\n"
                                                      "    x = ops.multiply(x, 0.5)\n"
                                                      "    return layers.ReLU(max_value=6.0, name=f\"{name}_relu\")(x)\n"));
}

TEST_CASE("a loop needs no counter") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 7});
  for (int i = 0; i < 9; ++i) x = m.operation("Add", x, {{"x2", 3.0}});
  m.output(m.add("Dense", "last", {x}, {{"units", 3}}));
  CHECK(loops(checked(m.graph)) == 1);
  CHECK_THAT(code(m.graph), Catch::Matchers::Contains("    for _ in range(9):\n"
                                                      "        x = ops.add(x, 3.0)\n"));
}

TEST_CASE("what does not repeat stays as it is") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 7});
  for (const char* name : {"a", "b", "c"}) x = m.add("Dense", name, {x}, {{"units", 7}});
  m.output(x);
  const Program program = checked(m.graph);
  CHECK(program.functions.empty());
  CHECK(loops(program) == 0);
}

TEST_CASE("numbers of names and sizes follow parameters") {
  Builder m;
  Edge x = m.input("x", {Dim::symbol("B"), 8, 8, 4});
  int number = 1;
  for (int block = 0; block < 6; ++block) {
    const Edge left = m.numbered(number, x, 8 + block), right = m.numbered(number + 1, m.numbered(number + 2, x, 9 + block), 8);
    x = m.add("Concatenate", "mixed" + std::to_string(block), {left, right});
    number += 3;
  }
  m.output(x);
  CHECK(checked(m.graph).functions.size() == 2);
  const std::string text = code(m.graph);
  for (const char* part : {"    x = layers.Reshape((1, 1, 2 * filters), name=f\"reshape_{index + 2}\")(x)\n",
                           "    return layers.BatchNormalization(name=f\"batch_normalization_{index}\")(x)\n"})
    CHECK_THAT(text, Catch::Matchers::Contains(part));
}

TEST_CASE("programs of random graphs are these graphs") {
  const auto seed = GENERATE(range(0U, 60U));
  std::mt19937 random(seed);
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  Builder m;
  std::vector<Edge> seen{m.input("x", {Dim::symbol("B"), 8, 8, 4}), m.input("z", {Dim::symbol("B"), 8, 8, 4})};
  Edge x = seen[0];
  const int32_t shared = m.layer("Dense", "shared", {{"units", 4}});
  int serial = 0, number = 0;
  const auto auto_name = [&](const std::string& base) {
    return serial++ == 0 ? base : base + "_" + std::to_string(serial - 1);
  };
  for (int part = 0; part < 12; ++part) {
    const int kind = pick(7), count = 1 + pick(4), filters = 4 << pick(3);
    for (int i = 0; i < count; ++i) {
      const std::string name = "part" + std::to_string(part) + (pick(9) == 0 ? "odd" : "_") + std::to_string(i);
      if (kind == 0) x = m.residual(name, x, filters, i == 0);
      if (kind == 1) x = m.conv_bn(auto_name("block"), x, filters + pick(2), 1 + pick(2));
      if (kind == 2)
        x = m.add("Concatenate", name + "_cat", {x, m.conv_bn(name, x, filters, 3), m.conv_bn(name + "_b", x, filters, 5)});
      if (kind == 3) x = m.add("Add", name + "_skip", {seen[static_cast<size_t>(pick(static_cast<int>(seen.size())))], x});
      if (kind == 4) x = m.add("Dropout", auto_name("dropout"), {x}, {{"rate", 0.1 * (1 + pick(3))}});
      for (int k = 0; kind == 6 && k < 2; ++k) x = m.numbered(++number, x, filters + i * k);
      if (kind == 5 && pick(3) == 0) x = m.call(shared, {x});
      if (kind == 5) x = m.add("Dense", "say \"" + name + "\"", {x}, {{"units", 4}});
    }
    seen.push_back(x);
    if (pick(8) == 0) m.output(x);
  }
  m.output(x);
  checked(m.graph);
  CHECK_FALSE(code(m.graph).empty());
}
