#include <catch2/catch.hpp>

#include "formats/checkpoint_bytes.h"
#include "keraft/error.hpp"
#include "reading/load_tensorflow.h"

using namespace keraft;

namespace {

struct Result {
  Status status = Status::ok;
  std::string message;
  Model model;
};

Result read_path(const std::string& path, const LoadOptions& options = {}, const Control& control = {}) {
  Result out;
  try {
    const auto kind = reading::sniff_tensorflow(path);
    if (!kind) return {Status::format, "not recognised", {}};
    std::map<std::string, DType> promised;
    out.model = reading::load_tensorflow(path, *kind, options, control, promised);
  } catch (const Error& error) {
    out.status = error.status();
    out.message = error.what();
  }
  return out;
}

Result load_nodes(const std::vector<std::string>& nodes, const LoadOptions& options = {}) {
  const bytes::Folder folder;
  return read_path(folder.write("g.pb", bytes::graph(nodes)), options);
}

std::string relu(const std::string& name, const std::vector<std::string>& inputs) {
  return bytes::node(name, "Relu", inputs, bytes::type_attr("T", 1));
}

const std::vector<std::string> dense{bytes::placeholder("x", {-1, 2}), bytes::floats("w", {2, 2}, {1, 2, 3, 4}),
                                     bytes::node("y", "MatMul", {"x", "w"}, bytes::type_attr("T", 1))};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a frozen graph: inputs and outputs are found") {
  const Result result = load_nodes(dense);
  INFO(result.message);
  REQUIRE(result.status == Status::ok);
  const Graph& graph = result.model.graph;
  REQUIRE(graph.inputs.size() == 1);
  CHECK(graph.inputs[0].name == "x");
  CHECK(graph.at(graph.inputs[0].edge.node).op == "ir/Input");
  CHECK(graph.type(graph.inputs[0].edge) == TensorType{DType::f32, {Dim::symbol("B"), 2}});
  REQUIRE(graph.outputs.size() == 1);
  CHECK(graph.outputs[0].name == "y");
  const Node& w = graph.at(graph.find("w"));
  CHECK(w.op == "tf/Const");
  CHECK(w.attrs.at("value").get<Tensor>()->as<float>() == std::vector<float>{1, 2, 3, 4});
  CHECK(*w.attrs.at("dtype").get<DType>() == DType::f32);
}

TEST_CASE("sizes that nobody reads, and the Identity of a custom gradient, are no outputs") {
  auto nodes = dense;
  nodes.push_back(bytes::node("s/Shape", "Shape", {"y"}, bytes::type_attr("T", 1)));
  nodes.push_back(bytes::node("a/Identity", "Identity", {"y"}, bytes::type_attr("T", 1)));
  const auto outputs = [](const std::vector<std::string>& all) {
    const Result result = load_nodes(all);
    INFO(result.message);
    REQUIRE(result.status == Status::ok);
    std::vector<std::string> out;
    for (const Port& port : result.model.graph.outputs) out.push_back(port.name);
    return out;
  };
  CHECK(outputs(nodes) == std::vector<std::string>{"a/Identity"});
  nodes.push_back(bytes::node("a/IdentityN", "IdentityN", {"y", "x"}, {}));
  nodes.push_back(relu("r", {"a/IdentityN"}));
  CHECK(outputs(nodes) == std::vector<std::string>{"r"});
  nodes.push_back(bytes::node("b/Identity", "Identity", {"y"}, bytes::type_attr("T", 1)));
  CHECK(outputs(nodes) == std::vector<std::string>{"r", "b/Identity"});
  auto sizes = dense;
  sizes.pop_back();
  sizes.push_back(bytes::node("s", "Shape", {"x"}, bytes::type_attr("T", 1)));
  CHECK(outputs(sizes) == std::vector<std::string>{"s"});
}

TEST_CASE("any tensor may be an input or an output") {
  auto nodes = dense;
  nodes.push_back(relu("r", {"y"}));
  nodes.push_back(relu("s", {"r:0"}));
  LoadOptions options;
  options.inputs = {"y"};
  options.outputs = {"r:0"};
  options.shapes["y"] = Shape{Dim::symbol("N"), 2};
  const Result result = load_nodes(nodes, options);
  INFO(result.message);
  REQUIRE(result.status == Status::ok);
  CHECK(result.model.graph.nodes.size() == 2);
  CHECK(result.model.graph.type(result.model.graph.inputs[0].edge) == TensorType{DType::f32, {Dim::symbol("N"), 2}});
  CHECK(result.model.graph.outputs[0].name == "r");

  options.shapes["q"] = Shape{1};
  CHECK(load_nodes(nodes, options).status == Status::argument);
  LoadOptions wrong;
  wrong.shapes["x"] = Shape{1, 3};
  CHECK(load_nodes(nodes, wrong).status == Status::mismatch);
  LoadOptions absent;
  absent.outputs = {"S2"};
  CHECK(load_nodes(nodes, absent).status == Status::argument);
  LoadOptions open;
  open.inputs = {"w"};
  const Result incomplete = load_nodes(nodes, open);
  CHECK(incomplete.status == Status::format);
  CHECK(contains(incomplete.message, "x"));
}

TEST_CASE("edges: what cannot be, bad-inputs D") {
  const auto bad = [](const std::vector<std::string>& inputs) {
    auto nodes = dense;
    nodes.push_back(relu("r", inputs));
    return load_nodes(nodes).status;
  };
  CHECK(bad({"y"}) == Status::ok);
  CHECK(bad({"y:0"}) == Status::ok);
  CHECK(bad({"y", "^w"}) == Status::ok);
  for (const char* edge : {"absent", ":0", "^", "^y:0", "", "y:-1", "y:x", "y:99999999999", "y:0:0", "^^y"}) {
    INFO(edge);
    CHECK(bad({edge}) == Status::format);
  }
  CHECK(bad({"^w", "y"}) == Status::format);
  CHECK(bad({"y", "^absent"}) == Status::format);
}

TEST_CASE("names: what cannot be, bad-inputs D5 and D6") {
  const auto named = [](const std::string& name) {
    auto nodes = dense;
    nodes.push_back(relu(name, {"y"}));
    return load_nodes(nodes).status;
  };
  CHECK(named("A.b/c-d_e>f\\g") == Status::ok);
  for (const std::string& name :
       {std::string(), std::string("_a"), std::string("a b"), std::string("a:0"), std::string("^a"), std::string("/a"),
        std::string("a\0b", 3), std::string("\xC3\xA9"), std::string("a\x1b[31m")}) {
    INFO(name);
    CHECK(named(name) == Status::format);
  }
  CHECK(named("y") == Status::format);
  const Result escape = load_nodes({bytes::node("a\x1b[31m", "Relu")});
  CHECK_FALSE(contains(escape.message, "\x1b"));
}

TEST_CASE("cycles, bad-inputs D1 to D3") {
  CHECK(load_nodes({relu("a", {"b"}), relu("b", {"a"})}).status == Status::format);
  CHECK(load_nodes({relu("a", {"a"})}).status == Status::format);
  CHECK(load_nodes({bytes::floats("a", {1}, {1}) + bytes::text(3, "^b"), relu("b", {"a"})}).status == Status::format);
  const auto loop = [](const char* back) {
    return load_nodes({bytes::placeholder("x", {1}), bytes::node("e", "Enter", {"x"}), bytes::node("m", "Merge", {"e", "n"}),
                       bytes::node("n", back, {"m"}), bytes::node("o", "Exit", {"m"})});
  };
  const Result legal = loop("NextIteration");
  INFO(legal.message);
  CHECK(legal.status == Status::ok);
  CHECK(loop("Identity").status == Status::format);
}

TEST_CASE("one attribute twice, or with two values") {
  CHECK(load_nodes({bytes::node("a", "Relu", {}, bytes::type_attr("T", 1) + bytes::type_attr("T", 1))}).status ==
        Status::format);
  CHECK(load_nodes({bytes::node("a", "Relu", {}, bytes::attr("T", bytes::number(6, 1) + bytes::number(3, 1)))}).status ==
        Status::format);
  CHECK(load_nodes({bytes::node("a", "Relu", {}, bytes::type_attr("T", 999))}).status == Status::unsupported);
}

TEST_CASE("files that are something else, bad-inputs A") {
  const bytes::Folder folder;
  CHECK(contains(read_path(folder.write("e.pb", "")).message, "empty"));
  CHECK(contains(read_path(folder.write("l.pb", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")).message, "LFS"));
  CHECK(contains(read_path(folder.write("h.pb", "\n<!DOCTYPE html><html>")).message, "web page"));
  CHECK(read_path(folder / "absent.pb").status == Status::io);
  CHECK(contains(read_path(folder.path()).message, "saved_model.pb"));
  CHECK(read_path(folder.write("t.pb", std::string("\0\1\2\3garbage", 11))).status == Status::format);
  CHECK(read_path(folder.write("u.pbtxt", std::string("\xFF\xFEn\0o\0", 6))).status == Status::format);
}

TEST_CASE("no damaged graph is read as another one, bad-inputs A2") {
  const bytes::Folder folder;
  const std::string whole = bytes::graph(dense);
  for (size_t size = 0; size < whole.size(); ++size) {
    const Result result = read_path(folder.write("cut.pb", whole.substr(0, size)));
    // A cut between nodes leaves a smaller graph, which then lacks its end.
    INFO(size);
    CHECK((result.status != Status::ok || result.model.graph.nodes.size() < 3));
  }
}

TEST_CASE("text form, with BOM and CRLF; nesting and unknown fields") {
  const bytes::Folder folder;
  const std::string body =
      "# a comment {\r\nnode { name: \"x\" op: \"Placeholder\" attr { key: \"dtype\" value { type: DT_FLOAT } } "
      "attr { key: 'shape' value { shape < dim { size: -1 } dim { size: 3 } > } } }\r\nnode { name: 'r' op: 'Relu' input: "
      "\"x\" }\r\n";
  for (const std::string& text : {body, "\xEF\xBB\xBF" + body}) {
    const Result result = read_path(folder.write("g.pbtxt", text));
    INFO(result.message);
    REQUIRE(result.status == Status::ok);
    CHECK(result.model.kind == Kind::graphdef_text);
    CHECK(result.model.graph.outputs[0].name == "r");
  }
  std::string deep = "node { name: 'x' op: 'Placeholder' ";
  for (int i = 0; i < 5000; ++i) deep += "attr { key: 'f' value { func { name: 'f' ";
  CHECK(read_path(folder.write("deep.pbtxt", deep)).status == Status::memory);
  CHECK(contains(read_path(folder.write("cut.pbtxt", body + "node {\n name: 'a' op: 'b")).message, "line 5"));
  CHECK(read_path(folder.write("odd.pbtxt", "node { name: 'x' op: 'Relu' colour: 3 }")).status == Status::unsupported);
  CHECK(read_path(folder.write("twice.pbtxt", "node { name: 'x' name: 'y' op: 'Relu' }")).status == Status::format);
}

TEST_CASE("calls are inlined under the call's name") {
  const bytes::Folder folder;
  bytes::Function inner{"inner", {{"a", 1}}, {{"r", 1}}, {relu("act", {"a"})}, {{"r", "act:activations:0"}}};
  bytes::Function outer{"outer",
                        {{"a", 1}},
                        {{"p", 1}, {"q", 1}},
                        {bytes::node("call", "PartitionedCall", {"a"}, bytes::func_attr("f", "inner")),
                         bytes::node("direct", "inner", {"call:output:0"})},
                        {{"p", "direct:r:0"}, {"q", "a"}}};
  const std::string nodes = bytes::graph({bytes::placeholder("x", {1}),
                                          bytes::node("c", "StatefulPartitionedCall", {"x"}, bytes::func_attr("f", "outer")),
                                          relu("y", {"c:0"}), relu("z", {"c:1"})});
  const Result result = read_path(folder.write("g.pb", nodes + bytes::library({inner, outer})));
  INFO(result.message);
  REQUIRE(result.status == Status::ok);
  const Graph& graph = result.model.graph;
  CHECK(graph.functions.empty());
  const Node& y = graph.at(graph.find("y"));
  const Node& second = graph.at(y.inputs[0].node);
  CHECK(second.name == "c/direct/act");
  CHECK(graph.at(second.inputs[0].node).name == "c/call/act");
  CHECK(graph.at(graph.at(graph.find("z")).inputs[0].node).op == "ir/Input");
}

TEST_CASE("recursion and inlining bombs, bad-inputs D13 and D14") {
  const bytes::Folder folder;
  const auto call = [](const std::string& name, const std::string& input, const std::string& f) {
    return bytes::node(name, "PartitionedCall", {input}, bytes::func_attr("f", f));
  };
  const std::string main = bytes::graph({bytes::placeholder("x", {1}), call("c", "x", "f0"), relu("y", {"c"})});
  const auto chain = [&](const std::string& last) {
    return bytes::Function{"f0", {{"a", 1}}, {{"r", 1}}, {call("k", "a", last)}, {{"r", "k:output:0"}}};
  };
  CHECK(contains(read_path(folder.write("r.pb", main + bytes::library({chain("f0")}))).message, "recursion"));
  CHECK(read_path(folder.write("m.pb", main + bytes::library({chain("gone")}))).status == Status::format);

  std::vector<bytes::Function> bomb;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "f" + std::to_string(i + 1);
    bomb.push_back({"f" + std::to_string(i),
                    {{"a", 1}},
                    {{"r", 1}},
                    {call("k", "a", next), call("l", "k:output:0", next)},
                    {{"r", "l:output:0"}}});
  }
  bomb.push_back({"f40", {{"a", 1}}, {{"r", 1}}, {relu("k", {"a"})}, {{"r", "k:activations:0"}}});
  CHECK(read_path(folder.write("b.pb", main + bytes::library(bomb))).status == Status::memory);
}

namespace {

/// A TF1 meta graph: y = x·v, with a saver, an optimizer slot and a label.
std::string training_graph(bool resource) {
  const std::string variable = resource ? "VarHandleOp" : "VariableV2", assign = resource ? "AssignVariableOp" : "Assign";
  const auto declare = [&](const std::string& name) {
    return bytes::node(name, variable, {},
                       bytes::type_attr("dtype", 1) + bytes::attr("shape", bytes::text(7, bytes::shape({2, 1}))));
  };
  return bytes::graph(
      {bytes::placeholder("x", {-1, 2}), bytes::placeholder("labels", {-1, 1}), declare("v"), declare("v/Adam"),
       bytes::node("v/read", resource ? "ReadVariableOp" : "Identity", {"v"}, bytes::type_attr(resource ? "dtype" : "T", 1)),
       bytes::node("y", "MatMul", {"x", "v/read"}, bytes::type_attr("T", 1)),
       bytes::node("loss/sq", "SquaredDifference", {"y", "labels"}), bytes::node("loss/mean", "Mean", {"loss/sq", "axes"}),
       bytes::strings("axes", {"-"}), bytes::node("gradients/loss/mean_grad/x", "Tile", {"loss/mean", "axes"}),
       bytes::node("step", "ApplyAdam", {"v", "v/Adam", "gradients/loss/mean_grad/x"}), bytes::strings("save/name", {"m"}),
       bytes::strings("save/keys", {"ema/v", "v/Adam"}), bytes::strings("save/slices", {"", ""}),
       bytes::node("save/RestoreV2", "RestoreV2", {"save/name", "save/keys", "save/slices"}),
       bytes::node("save/a", assign, {"v", "save/RestoreV2:0"}), bytes::node("save/b", assign, {"v/Adam", "save/RestoreV2:1"}),
       bytes::node("save/restore_all", "NoOp", {"^save/a", "^save/b"})});
}

std::string meta_graph(const std::string& graph) {
  const std::string saver = bytes::text(1, "save/name:0") + bytes::text(3, "save/restore_all") + bytes::number(7, 2);
  const std::string trainable =
      bytes::text(1, "trainable_variables") + bytes::text(2, bytes::text(2, bytes::text(1, bytes::text(1, "v:0"))));
  return bytes::text(1, bytes::text(5, "1.15.0")) + bytes::text(2, graph) + bytes::text(3, saver) + bytes::text(4, trainable);
}

void write_checkpoint(const std::string& prefix) {
  bytes::CheckpointWriter writer(1);
  writer.add("ema/v", 1, {2, 1}, bytes::raw<float>({5, 6}), 0);
  writer.add("v", 1, {2, 1}, bytes::raw<float>({0, 0}), 0);
  writer.add("v/Adam", 1, {2, 1}, bytes::raw<float>({1, 1}), 0);
  writer.write(prefix);
}

}  // namespace

TEST_CASE("a training meta graph: forward output, restored variables, the rest listed") {
  for (const bool resource : {false, true}) {
    const bytes::Folder folder;
    write_checkpoint(folder / "model");
    const Result result = read_path(folder.write("model.meta", meta_graph(training_graph(resource))));
    INFO(result.message);
    REQUIRE(result.status == Status::ok);
    CHECK(result.model.kind == Kind::meta_graph);
    CHECK(result.model.producer == "TensorFlow 1.15.0");
    const Graph& graph = result.model.graph;
    REQUIRE(graph.outputs.size() == 1);
    CHECK(graph.outputs[0].name == "y");
    CHECK(graph.inputs.size() == 1);
    REQUIRE(graph.weights.size() == 1);
    const Weight& weight = graph.weights[0];
    CHECK(weight.name == "v");
    // The graph restores the moving average into the variable: that, not the variable of the same name, is meant.
    CHECK(weight.key == "ema/v");
    CHECK(weight.value.as<float>() == std::vector<float>{5, 6});
    CHECK(weight.trainable);
    CHECK(weight.evidence == std::vector<Name>{"saver restores key ema/v into v", "collection trainable_variables"});
    CHECK(graph.at(graph.at(graph.find("y")).inputs[1].node).op == "ir/Weight");
    CHECK(result.model.unused_variables == std::vector<std::string>{"v", "v/Adam"});
  }
}

TEST_CASE("a variable without its checkpoint, or of another shape") {
  const bytes::Folder folder;
  const std::string meta = folder.write("model.meta", meta_graph(training_graph(true)));
  const Result missing = read_path(meta);
  CHECK(missing.status == Status::format);
  CHECK(contains(missing.message, "--checkpoint"));
  bytes::CheckpointWriter writer(1);
  writer.add("ema/v", 1, {1, 2}, bytes::raw<float>({5, 6}), 0);
  writer.write(folder / "other");
  LoadOptions options;
  options.checkpoint = folder / "other";
  CHECK(read_path(meta, options).status == Status::mismatch);
  write_checkpoint(folder / "other");
  CHECK(read_path(meta, options).status == Status::ok);
}

TEST_CASE("a partitioned variable becomes one weight") {
  const bytes::Folder folder;
  bytes::CheckpointWriter writer(1);
  writer.add_sliced("v", 1, {3, 1}, {{{0, 2}, {0, 1}}, {{2, 1}, {0, 1}}});
  writer.add(formats::slice_key("v", {{0, 2}, {0, 1}}), 1, {2, 1}, bytes::raw<float>({1, 2}), 0);
  writer.add(formats::slice_key("v", {{2, 1}, {0, 1}}), 1, {1, 1}, bytes::raw<float>({3}), 0);
  writer.write(folder / "model");
  const auto part = [](const std::string& name) { return bytes::node(name, "VariableV2", {}, bytes::type_attr("dtype", 1)); };
  const std::string graph =
      bytes::graph({bytes::placeholder("x", {-1, 3}), part("v/part_0"), part("v/part_1"), bytes::floats("axis", {}, {0}),
                    bytes::node("v/cat", "ConcatV2", {"v/part_0", "v/part_1", "axis"}),
                    bytes::node("y", "MatMul", {"x", "v/cat"}, bytes::type_attr("T", 1)), bytes::strings("save/name", {"m"}),
                    bytes::strings("save/keys", {"v", "v"}), bytes::strings("save/slices", {"3 1 0,2:0,1", "3 1 2,1:0,1"}),
                    bytes::node("save/RestoreV2", "RestoreV2", {"save/name", "save/keys", "save/slices"}),
                    bytes::node("save/a", "Assign", {"v/part_0", "save/RestoreV2:0"}),
                    bytes::node("save/b", "Assign", {"v/part_1", "save/RestoreV2:1"}),
                    bytes::node("save/restore_all", "NoOp", {"^save/a", "^save/b"})});
  const Result result = read_path(folder.write("model.meta", meta_graph(graph)));
  INFO(result.message);
  REQUIRE(result.status == Status::ok);
  REQUIRE(result.model.graph.weights.size() == 1);
  CHECK(result.model.graph.weights[0].name == "v");
  CHECK(result.model.graph.weights[0].value.as<float>() == std::vector<float>{1, 2, 3});
  CHECK(result.model.graph.find("v") != no_node);
}

TEST_CASE("a SavedModel's bytes under any name, its tags and signatures") {
  const bytes::Folder folder;
  const auto info = [](const std::string& name) { return bytes::text(1, name) + bytes::number(2, 1); };
  const auto port = [&](uint32_t field, const std::string& key, const std::string& name) {
    return bytes::text(field, bytes::text(1, key) + bytes::text(2, info(name)));
  };
  const std::string signature = port(1, "image", "x:0") + port(2, "out_10", "r:0") + port(2, "out_2", "y:0");
  auto nodes = dense;
  nodes.push_back(relu("r", {"y"}));
  const auto meta = [&](const std::string& tag, const std::string& key) {
    return bytes::text(2, bytes::text(1, bytes::text(4, tag)) + bytes::text(2, bytes::graph(nodes)) +
                              bytes::text(5, bytes::text(1, key) + bytes::text(2, signature)));
  };
  const std::string model = bytes::number(1, 1) + meta("train", "t") + meta("serve", "serving_default");
  for (const std::string& path :
       {folder.write("frozen.pb", model), folder.write("dir/saved_model.pb", model).substr(0, (folder / "dir").size())}) {
    const Result result = read_path(path);
    INFO(result.message);
    REQUIRE(result.status == Status::ok);
    CHECK(result.model.kind == Kind::saved_model);
    CHECK(result.model.signatures == std::vector<std::string>{"serving_default"});
    CHECK(result.model.graph.inputs[0].name == "image");
    REQUIRE(result.model.graph.outputs.size() == 2);
    CHECK(result.model.graph.outputs[0].name == "out_2");
    CHECK(result.model.graph.outputs[1].name == "out_10");
  }
  LoadOptions options;
  options.tags = {"train"};
  CHECK(read_path(folder / "dir", options).model.signatures == std::vector<std::string>{"t"});
  options.tags = {"gpu"};
  CHECK(contains(read_path(folder / "dir", options).message, "serve"));
  CHECK(contains(read_path(folder.write("two.pb", bytes::number(1, 1) + meta("a", "s") + meta("b", "s"))).message, "--tags"));
  const std::string lost =
      bytes::number(1, 1) + bytes::text(2, bytes::text(2, bytes::graph(dense)) +
                                               bytes::text(5, bytes::text(1, "s") + bytes::text(2, port(2, "o", "gone:0"))));
  CHECK(read_path(folder.write("lost.pb", lost)).status == Status::format);
}

TEST_CASE("parsed features are inputs in the place of examples") {
  const auto types = [](const std::string& name) {
    return bytes::attr(name, bytes::text(1, bytes::number(3, 1) + bytes::number(3, 1)));
  };
  const auto whole = [](const std::string& name, uint64_t value) { return bytes::attr(name, bytes::number(3, value)); };
  std::string list;
  for (int i = 0; i < 2; ++i) list += bytes::text(7, bytes::shape({2}));
  for (const bool sparse : {false, true}) {
    const std::string parser = bytes::node(
        "parse", "ParseExample", {"examples", "names", "word", "age", "size", "none", "none"},
        whole("Nsparse", 1) + whole("Ndense", 2) + types("Tdense") + bytes::attr("dense_shapes", bytes::text(1, list)));
    const Result result =
        load_nodes({bytes::node("examples", "Placeholder", {}, bytes::type_attr("dtype", 7)), bytes::strings("names", {}),
                    bytes::strings("word", {"word"}), bytes::strings("age", {"age"}), bytes::strings("size", {"size"}),
                    bytes::floats("none", {0}, {}), parser, relu("a", {"parse:4"}), relu("b", {"parse:3"}),
                    bytes::node("y", "AddN", {"a", "b", sparse ? "parse:1" : "b"}, whole("N", 3))});
    INFO(result.message);
    REQUIRE(result.status == Status::ok);
    const Graph& graph = result.model.graph;
    REQUIRE(graph.inputs.size() == (sparse ? 1 : 2));
    CHECK(graph.inputs[0].name == (sparse ? "examples" : "age"));
    if (sparse) continue;
    CHECK(graph.inputs[1].name == "size");
    CHECK(graph.type(graph.inputs[1].edge) == TensorType{DType::f32, {Dim::symbol("B"), 2}});
  }
}

TEST_CASE("sizes that lead to nothing and pivots of branches are no outputs") {
  const auto typed = [](const std::string& name, const std::string& op, const std::vector<std::string>& inputs) {
    return bytes::node(name, op, inputs, bytes::type_attr("T", 1));
  };
  std::vector<std::string> nodes = dense;
  nodes.push_back(typed("y/Shape", "Shape", {"y"}));
  nodes.push_back(typed("y/Size", "Size", {"x"}));
  nodes.push_back(bytes::node("switch", "Switch", {"x", "x"}, bytes::type_attr("T", 1)));
  nodes.push_back(typed("pivot", "Identity", {"switch:1"}));
  const Result result = load_nodes(nodes);
  INFO(result.message);
  REQUIRE(result.model.graph.outputs.size() == 1);
  CHECK(result.model.graph.outputs[0].name == "y");
  // Where there is nothing else, a size is what the graph computes.
  const Result alone = load_nodes({bytes::placeholder("x", {-1, 2}), typed("n", "Shape", {"x"})});
  REQUIRE(alone.model.graph.outputs.size() == 1);
  CHECK(alone.model.graph.outputs[0].name == "n");
}
