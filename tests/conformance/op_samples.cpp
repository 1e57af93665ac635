// Runs every sample of every op card and prints inputs, attributes and results as JSON, one sample a line: op_matrix.py
// compares them with TensorFlow. A sample with random inputs runs again with every other type, and with NaN, infinities and
// their like among the numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "../unit/cards/run_sample.h"
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
    out += c == '\n' ? ' ' : c;
  }
  return '"' + out + '"';
}

std::string names_of(const OpCard& card) {
  std::string out;
  for (const std::string& name : card.names) out += fmt::format(R"({}"{}")", out.empty() ? "" : ", ", name);
  return out;
}

void print(const OpCard& card, size_t number, test::SampleRun run, const std::string& variant) {
  std::string error;
  try {
    test::execute_sample(card, run);
  } catch (const Error& refused) {  // of a sample itself, op_matrix.py calls that wrong
    error = refused.what();
  }
  std::string attrs, lists;
  for (const auto& [name, value] : run.node.attrs)
    attrs += fmt::format(R"({}"{}": {})", attrs.empty() ? "" : ", ", name, json(value));
  for (const OpCard::Arg& arg : card.ins)
    lists += fmt::format(R"({}["{}", {}])", lists.empty() ? "" : ", ", arg.name, arg.list);
  std::cout << fmt::format(R"({{"ops": [{}], "sample": {}, "variant": "{}", "fidelity": "{}", "args": [{}], "attrs": {{{}}}, )"
                           R"("inputs": {}, "outputs": {}, "error": {}}})",
                           names_of(card), number, variant, name_of(card.how), lists, attrs, json(run.inputs),
                           json(run.outputs), quoted(error))
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
      print(*card, number, test::prepare_sample(*card, sample), "");
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
