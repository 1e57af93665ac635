// Runs every sample of every op card and prints inputs, attributes and results as JSON, one sample a line: op_matrix.py
// compares them with TensorFlow.
#include <fmt/format.h>

#include <iostream>

#include "../unit/cards/run_sample.h"
#include "keraft/registry.hpp"

using namespace keraft;

namespace {

std::string json(const Array& array) {
  std::string hex;
  for (uint64_t i = 0; i < array.bytes(); ++i) hex += fmt::format("{:02x}", static_cast<unsigned>(array.data[i]));
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

}  // namespace

int main() {
  for (const OpCard* card : Registry::builtin().ops()) {
    for (const OpCard::Sample& sample : card->samples) {
      const auto run = test::run_sample(*card, sample);
      std::string attrs, lists, names;
      for (const auto& [name, value] : sample.attrs)
        attrs += fmt::format(R"({}"{}": {})", attrs.empty() ? "" : ", ", name, json(value));
      for (const OpCard::Arg& arg : card->ins)
        lists += fmt::format(R"({}["{}", {}])", lists.empty() ? "" : ", ", arg.name, arg.list);
      for (const std::string& name : card->names) names += fmt::format(R"({}"{}")", names.empty() ? "" : ", ", name);
      std::cout << fmt::format(
                       R"({{"ops": [{}], "fidelity": "{}", "args": [{}], "attrs": {{{}}}, "inputs": {}, "outputs": {}}})",
                       names, name_of(card->how), lists, attrs, json(run.inputs), json(run.outputs))
                << "\n";
    }
  }
}
