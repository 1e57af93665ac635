// Runs every sample of every op card and prints inputs, attributes and results as JSON, one sample a line: op_matrix.py
// compares them with TensorFlow. A sample with random inputs runs again with every other type, and with NaN, infinities and
// their like among the numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "../unit/cards/run_sample.h"
#include "emit/tensorflow_body.h"
#include "emit/tensorflow_call.h"
#include "keraft/registry.hpp"

using namespace keraft;

namespace {

std::string json(const Array& array) {
  std::string hex;
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(array.bytes()); ++i)
    hex += fmt::format("{:02x}", static_cast<unsigned>(array.data[i]));
  std::string dims;
  for (const int64_t dim : array.dims) dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
  return fmt::format(R"({{"dtype": "{}", "dims": [{}], "hex": "{}"}})", name_of(array.dtype), dims, hex);
}

std::string json(const std::vector<Array>& arrays) {
  std::string out;
  for (const Array& array : arrays) out += (out.empty() ? "" : ", ") + json(array);
  return "[" + out + "]";
}

std::string json(const Value& value) {
  if (const DType* type = value.get<DType>()) return fmt::format(R"({{"dtype": "{}"}})", name_of(*type));
  if (const Shape* shape = value.get<Shape>())
    return fmt::format(R"({{"shape": {}}})", shape->has_rank() ? shape->text() : "null");
  if (const Tensor* tensor = value.get<Tensor>()) {
    Array array = make_array(tensor->dtype, tensor->dims);
    tensor->storage->read(0, {array.data.get(), array.bytes()});
    return fmt::format(R"({{"tensor": {}}})", json(array));
  }
  return value.text();
}

std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return '"' + out + '"';
}

std::string names_of(const OpCard& card) {
  std::string out;
  for (const std::string& name : card.names) out += fmt::format(R"({}"{}")", out.empty() ? "" : ", ", name);
  return out;
}

/// The sample as low-level code that gives the first `results` of its results: statements on x0, x1 …; what the sample gives
/// as it is stands in them.
std::string code(const OpCard& card, const OpCard::Sample& sample, const test::SampleRun& run, size_t results) {
  Graph graph;
  std::vector<emit::Named> given;
  Node node = run.node;
  for (size_t i = 0; i < run.inputs.size(); ++i) {
    const Tensor* tensor = sample.inputs[i].get<Tensor>();
    Node input;
    input.name = "x" + std::to_string(i);
    input.op = tensor && emit::literal(*tensor) ? "tf/Const" : "ir/Input";
    if (input.op == "tf/Const") input.attrs["value"] = *tensor;
    input.outputs = {{run.inputs[i].dtype, Shape::of(run.inputs[i].dims)}};
    node.inputs.push_back({graph.add(input), 0});
    if (input.op == "ir/Input") given.push_back({node.inputs.back(), input.name});
  }
  for (const Array& one : run.outputs) node.outputs.push_back({one.dtype, Shape::of(one.dims)});
  const NodeId id = graph.add(node);
  std::vector<Edge> wanted;
  for (size_t i = 0; i < results; ++i) wanted.push_back({id, static_cast<int32_t>(i)});
  const auto order = graph.order();
  const std::vector<NodeId> blocks(graph.nodes.size(), id);
  try {
    return emit::body({graph, Registry::builtin(), order, blocks, false, {}, {}}, given, wanted).code;
  } catch (const Error& refused) {
    return card.names.front() + std::string(" has no code: ") + refused.what();
  }
}

void print(const OpCard& card, size_t number, test::SampleRun run, const std::string& variant,
           const OpCard::Sample* said = nullptr) {
  std::string error;
  try {
    test::execute_sample(card, run);
  } catch (const Error& refused) {  // of a sample itself, op_matrix.py calls that wrong
    error = refused.what();
  }
  std::string attrs, lists, codes;
  if (said && error.empty() && !run.outputs.empty()) {
    codes = quoted(code(card, *said, run, 1));
    if (run.outputs.size() > 1) codes += ", " + quoted(code(card, *said, run, run.outputs.size()));
  }
  for (const auto& [name, value] : run.node.attrs)
    attrs += fmt::format(R"({}"{}": {})", attrs.empty() ? "" : ", ", name, json(value));
  for (const OpCard::Arg& arg : card.ins)
    lists += fmt::format(R"({}["{}", {}])", lists.empty() ? "" : ", ", arg.name, arg.list);
  std::cout << fmt::format(R"({{"ops": [{}], "sample": {}, "variant": "{}", "fidelity": "{}", "args": [{}], "attrs": {{{}}}, )"
                           R"("inputs": {}, "outputs": {}, "error": {}, "code": [{}]}})",
                           names_of(card), number, variant, name_of(card.how), lists, attrs, json(run.inputs),
                           json(run.outputs), quoted(error), codes)
            << "\n";
}

/// Whether other types can take the place of the sample's.
bool varies(const OpCard::Sample& sample) {
  const bool random =
      std::any_of(sample.inputs.begin(), sample.inputs.end(), [](const Value& v) { return v.get<Tensor>() == nullptr; });
  const DType type = test::sample_type(sample);
  return random && (type == DType::f32 || type == DType::i32);
}

}  // namespace

int main() {
  constexpr std::array others{DType::f64, DType::f16, DType::bf16, DType::i32, DType::i64, DType::i16,
                              DType::i8,  DType::u8,  DType::u16,  DType::u32, DType::u64, DType::boolean};
  for (const OpCard* card : Registry::builtin().ops()) {
    size_t number = 0;
    if (card->samples.empty()) std::cout << fmt::format(R"({{"ops": [{}]}})", names_of(*card)) << "\n";
    for (const OpCard::Sample& sample : card->samples) {
      print(*card, number, test::prepare_sample(*card, sample), "", &sample);
      if (varies(sample)) {
        for (const DType type : others)
          print(*card, number, test::prepare_sample(*card, sample, type), std::string(name_of(type)));
        for (const DType type : {DType::f32, DType::f64, DType::f16, DType::bf16}) {
          for (int special = 1; special <= 2; ++special) {
            print(*card, number, test::prepare_sample(*card, sample, type, special),
                  fmt::format("{} special {}", name_of(type), special));
          }
        }
      }
      ++number;
    }
  }
}
