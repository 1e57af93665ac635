// Runs a card's sample.
#pragma once

#include <cmath>

#include "cards/op_card.h"
#include "kernels/half.h"
#include "run/execute.h"

namespace keraft::test {

/// The type of a sample's random inputs.
inline DType sample_type(const OpCard::Sample& sample) {
  for (const char* name : {"T", "SrcT", "Tparams"}) {
    const auto found = sample.attrs.find(name);
    if (found != sample.attrs.end()) return *found->second.get<DType>();
  }
  return DType::f32;
}

/// Numbers in -3…3, the same in every run.
inline double sample_number(uint64_t i) {
  uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 29)) * 0xbf58476d1ce4e5b9;
  return (static_cast<double>(z >> 11) * 0x1p-53 - 0.5) * 6;
}

inline Array sample_input(const Value& input, DType type, uint64_t seed) {
  if (const Tensor* tensor = input.get<Tensor>()) {
    Array out = make_array(tensor->dtype, tensor->dims);
    if (out.elements() > 0) tensor->storage->read(0, {out.data.get(), out.bytes()});
    return out;
  }
  Array out = make_array(type, *input.as_ints());
  for (int64_t i = 0; i < out.elements(); ++i) {
    const double value = sample_number(seed * 1000003 + static_cast<uint64_t>(i));
    switch (type) {
      case DType::f64:
        out.as<double>()[i] = value;
        break;
      case DType::i32:
        out.as<int32_t>()[i] = static_cast<int32_t>(std::lround(value * 3));
        break;
      case DType::i64:
        out.as<int64_t>()[i] = std::lround(value * 3);
        break;
      case DType::boolean:
        out.as<uint8_t>()[i] = value > 0;
        break;
      case DType::f16:
        out.as<uint16_t>()[i] = kernels::to_f16(static_cast<float>(value));
        break;
      case DType::bf16:
        out.as<uint16_t>()[i] = kernels::to_bf16(static_cast<float>(value));
        break;
      default:
        out.as<float>()[i] = static_cast<float>(value);
        break;
    }
  }
  return out;
}

struct SampleRun {
  Node node;
  std::vector<Array> inputs, outputs;
};

/// `type` replaces the type of random inputs.
inline SampleRun run_sample(const OpCard& card, const OpCard::Sample& sample, int threads = 1, std::optional<DType> type = {}) {
  SampleRun out;
  out.node.name = "sample";
  out.node.op = "tf/" + card.name();
  out.node.attrs = sample.attrs;
  uint64_t seed = 1;
  for (const Value& input : sample.inputs)
    out.inputs.push_back(sample_input(input, type.value_or(sample_type(sample)), seed++));
  std::vector<const Array*> in;
  for (const Array& array : out.inputs) in.push_back(&array);
  Control control;
  control.threads = threads;
  run::Environment env(control, std::make_shared<run::Memory>(uint64_t{1} << 30));
  out.outputs = run::execute(out.node, card, in, {}, env);
  return out;
}

}  // namespace keraft::test
