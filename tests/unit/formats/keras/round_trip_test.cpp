#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "cards/generated.h"
#include "formats/keras/keras.h"
#include "formats/keras/model_builder.h"
#include "keraft/error.hpp"
#include "status_of.h"

using namespace keraft;
using namespace keraft::formats;
using keraft::formats::testing::ModelBuilder;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("keraft-test-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() {
    fs::permissions(path, fs::perms::owner_all);
    fs::remove_all(path);
  }
  std::string file(const char* name) const { return (path / name).string(); }
  size_t count() const { return static_cast<size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator())); }
};

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void write(const Graph& graph, const std::string& path, const Control& control = {}, const std::string& keras = {}) {
  if (path.ends_with(".h5"))
    write_keras_h5(graph, path, {keras}, Registry::builtin(), control, [] {});
  else
    write_keras_v3(graph, path, {keras}, Registry::builtin(), control, [] {});
}

Model read(const std::string& path, const Control& control = {}) {
  return path.ends_with(".h5") ? read_keras_h5(path, {}, Registry::builtin(), control)
                               : read_keras_v3(path, Registry::builtin(), control);
}

void same_layers(const Graph& a, const Graph& b) {
  std::map<std::string, const Layer*> layers;
  for (const Layer& layer : b.layers) layers[layer.name] = &layer;
  REQUIRE(a.layers.size() == layers.size());
  for (const Layer& layer : a.layers) {
    REQUIRE(layers.contains(layer.name));
    const Layer& other = *layers[layer.name];
    CHECK(layer.cls == other.cls);
    CHECK(layer.trainable == other.trainable);
    REQUIRE(layer.slots.size() == other.slots.size());
    for (size_t i = 0; i < layer.slots.size(); ++i) CHECK(same_contents(layer.slots[i].value, other.slots[i].value));
  }
}

/// The layer names along the inputs of the first output, depth first.
std::string wiring(const Graph& graph) {
  std::string out;
  const std::function<void(Edge)> walk = [&](Edge edge) {
    const Node& node = graph.at(edge.node);
    out += node.layer >= 0 ? graph.layers[static_cast<size_t>(node.layer)].name : node.name;
    out += "(";
    for (const Edge& input : node.inputs) walk(input);
    out += ")";
  };
  for (const Port& port : graph.outputs) walk(port.edge);
  return out;
}

}  // namespace

TEST_CASE("what is written is read back equal", "[keras]") {
  const Folder folder;
  const std::string name = GENERATE("m.keras", "m.h5");
  const std::string keras = GENERATE("", "3");
  const std::string path = folder.file(name.c_str());
  for (const Graph& graph : {ModelBuilder::stack(), ModelBuilder::branches()}) {
    write(graph, path, {}, keras);
    const Model model = read(path);
    same_layers(graph, model.graph);
    CHECK(wiring(model.graph) == wiring(graph));
    REQUIRE(model.graph.inputs.size() == graph.inputs.size());
    for (size_t i = 0; i < graph.inputs.size(); ++i) CHECK(model.graph.inputs[i].name == graph.inputs[i].name);
    CHECK(model.graph.outputs.size() == graph.outputs.size());
    CHECK(sniff_keras(path) == model.kind);
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a layer called on what was made of its results is written as Keras 3 before 3.7 reads it", "[keras]") {
  const Folder folder;
  ModelBuilder m;
  const int32_t again = m.dense("again", 6);
  const Edge x = m.input("x", {Dim::symbol("B"), 6}), once = m.call(again, {x});
  m.output(m.call(again, {m.call(m.layer("Add", "sum"), {once, x})}));
  for (const auto& [version, lists] : {std::pair("3", true), {"3.0", true}, {"3.6", true}, {"3.7", false}}) {
    const std::string file = folder.file("calls.keras");
    write(m.graph, file, {}, version);
    CHECK((contents(file).find("__keras_tensor__") == std::string::npos) == lists);
    same_layers(m.graph, read(file).graph);
  }
}

TEST_CASE("weights stay in the file", "[keras]") {
  const Folder folder;
  const std::string path = folder.file(GENERATE("m.keras", "m.h5"));
  write(ModelBuilder::stack(), path);
  const Model model = read(path);
  for (const Weight& weight : model.graph.weights) CHECK(weight.value.storage->in_memory().empty());
  CHECK(model.graph.weights.size() == 8);
}

TEST_CASE("the same model gives the same bytes", "[keras]") {
  const Folder folder;
  const std::string path = folder.file(GENERATE("m.keras", "m.h5"));
  write(ModelBuilder::branches(), path);
  const std::string first = contents(path);
  write(ModelBuilder::branches(), path);
  CHECK(contents(path) == first);
}

TEST_CASE("names and configs larger than an HDF5 attribute", "[keras]") {
  const Folder folder;
  ModelBuilder m;
  const Edge x = m.input("x", {Dim::symbol("B"), 2});
  std::vector<Edge> all;
  for (int i = 0; i < 700; ++i) all.push_back(m.call(m.dense(std::string(100, 'n') + std::to_string(i), 2), {x}));
  m.output(m.call(m.layer("Add", "sum"), all));
  const std::string path = folder.file("m.h5");
  write(m.graph, path);
  same_layers(m.graph, read(path).graph);
}

TEST_CASE("a group larger than what libhdf5 keeps in memory", "[keras]") {
  const Folder folder;
  ModelBuilder m;
  Edge x = m.input("x", {Dim::symbol("B"), 2});
  for (int i = 0; i < 3000; ++i) x = m.call(m.dense(std::string(500, 'n') + std::to_string(i), 2), {x});
  m.output(x);
  const std::string path = folder.file("m.h5");
  write(m.graph, path);
  same_layers(m.graph, read(path).graph);
}

TEST_CASE("a generated class lies beside the model", "[keras]") {
  const Folder folder;
  const std::string path = folder.file(GENERATE("m.keras", "m.h5"));
  ModelBuilder m;
  const int32_t layer = m.layer("Scaled", "s", {}, {{"w", {}}});
  m.graph.layers[0].code = "class Scaled: pass\n";
  m.graph.layers[0].registered = "keraft>Scaled";
  m.output(m.call(layer, {m.input("x", {Dim::symbol("B"), 2})}));
  write(m.graph, path);
  CHECK(contents(folder.file("m.py")) == cards::generated_module_head() + "\n\nclass Scaled: pass\n");
  same_layers(m.graph, read(path).graph);
  CHECK(read(path).graph.layers[0].how == "custom");
}

TEST_CASE("a stopped write leaves nothing and spoils nothing", "[keras]") {
  const Folder folder;
  const std::string path = folder.file(GENERATE("m.keras", "m.h5"));
  put(path, "old");
  Control control;
  int asked = 0;
  control.cancelled = [&] { return ++asked > 3; };
  CHECK(status_of([&] { write(ModelBuilder::branches(), path, control); }) == Status::cancelled);
  CHECK(contents(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a folder that is not there is an error of the system", "[keras]") {
  const Folder folder;
  CHECK(status_of([&] { write(ModelBuilder::stack(), folder.file("none/m.keras")); }) == Status::io);
}

TEST_CASE("every truncation is refused", "[keras]") {
  const Folder folder;
  const std::string path = folder.file(GENERATE("m.keras", "m.h5"));
  write(ModelBuilder::stack(), path);
  const std::string whole = contents(path);
  const size_t stride = whole.size() / 97 + 1;
  for (size_t size = 0; size < whole.size(); size += stride) {
    put(path, whole.substr(0, size));
    CHECK(status_of([&] { read(path); }) != Status::ok);
  }
  put(path, whole.substr(0, whole.size() - 1));
  CHECK(status_of([&] { read(path); }) != Status::ok);
}

TEST_CASE("a damaged archive is noticed", "[keras]") {
  const Folder folder;
  const std::string path = folder.file("m.keras");
  write(ModelBuilder::stack(), path);
  const std::string whole = contents(path);
  const size_t begin = whole.find("\x89HDF");
  REQUIRE(begin != std::string::npos);
  for (size_t at = begin; at < whole.size() - 200; at += whole.size() / 61) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put(path, damaged);
    CHECK(status_of([&] { read(path); }) == Status::format);
  }
  put(path, whole + "x");
  CHECK(status_of([&] { read(path); }) == Status::format);
  put(path, "x" + whole);
  CHECK(status_of([&] { read(path); }) == Status::format);
}
