// Runs a card's sample.
#pragma once

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "cards/op_card.h"
#include "kernels/half.h"
#include "run/execute.h"

namespace keraft::test {

/// The attribute that gives the type of a sample's random inputs, or nothing.
inline std::string type_attr(const OpCard::Sample& sample) {
  for (const char* name : {"T", "SrcT", "Tparams", "Tout"}) {
    if (sample.attrs.contains(name)) return name;
  }
  return {};
}

/// The type of a sample's random inputs.
inline DType sample_type(const OpCard::Sample& sample) {
  const std::string name = type_attr(sample);
  return name.empty() ? DType::f32 : *sample.attrs.find(name)->second.get<DType>();
}

/// Numbers in -3…3, the same in every run.
inline double sample_number(uint64_t i) {
  uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 29)) * 0xbf58476d1ce4e5b9;
  return (static_cast<double>(z >> 11) * 0x1p-53 - 0.5) * 6;
}

inline void store(Array& out, int64_t i, double value) {
  switch (out.dtype) {
    case DType::f64:
      out.as<double>()[i] = value;
      break;
    case DType::f16:
      out.as<uint16_t>()[i] = kernels::to_f16(static_cast<float>(value));
      break;
    case DType::bf16:
      out.as<uint16_t>()[i] = kernels::to_bf16(static_cast<float>(value));
      break;
    case DType::f32:
      out.as<float>()[i] = static_cast<float>(value);
      break;
    case DType::boolean:
      out.as<uint8_t>()[i] = value > 0;
      break;
    default: {
      const int64_t rounded = std::lround(value * 3);
      std::memcpy(out.data.get() + static_cast<size_t>(i) * size_of(out.dtype), &rounded, size_of(out.dtype));
    }
  }
}

/// `special` 1 and 2 put infinities, zeros and extremes among the numbers, 1 NaN too.
inline Array sample_input(const Value& input, DType type, uint64_t seed, int special = 0) {
  if (const Tensor* tensor = input.get<Tensor>()) {
    Array out = make_array(tensor->dtype, tensor->dims);
    if (out.elements() > 0) tensor->storage->read(0, {out.data.get(), out.bytes()});
    return out;
  }
  Array out = make_array(type, *input.as_ints());
  for (int64_t i = 0; i < out.elements(); ++i) store(out, i, sample_number(seed * 1000003 + static_cast<uint64_t>(i)));
  if (special == 0) return out;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const double other = special == 1 ? nan : infinity;
  const std::array values{other, infinity, -infinity, 0.0, -0.0, 1.0, -1.0, 1e-6, 300.0, -300.0, 1e4};
  const auto first = static_cast<uint64_t>(special) + 3 * seed;
  for (int64_t i = 0; i < out.elements(); i += 2)
    store(out, i, values.at((first + 7 * static_cast<uint64_t>(i) / 2) % values.size()));
  return out;
}

struct SampleRun {
  Node node;
  std::vector<Array> inputs, outputs;
};

/// What a sample asks for, not run yet; `type` replaces the type of random inputs.
inline SampleRun prepare_sample(const OpCard& card, const OpCard::Sample& sample, std::optional<DType> type = {},
                                int special = 0) {
  SampleRun out;
  out.node.name = "sample";
  out.node.op = "tf/" + card.name();
  out.node.attrs = sample.attrs;
  if (const std::string name = type_attr(sample); type && !name.empty()) out.node.attrs[name] = *type;
  uint64_t seed = 1;
  for (const Value& input : sample.inputs)
    out.inputs.push_back(sample_input(input, type.value_or(sample_type(sample)), seed++, special));
  return out;
}

inline void execute_sample(const OpCard& card, SampleRun& run, int threads = 1) {
  std::vector<const Array*> in;
  for (const Array& array : run.inputs) in.push_back(&array);
  Control control;
  control.threads = threads;
  run::Environment env(control, std::make_shared<run::Memory>(uint64_t{1} << 30));
  run.outputs = run::execute(run.node, card, in, {}, env);
}

inline SampleRun run_sample(const OpCard& card, const OpCard::Sample& sample, int threads = 1, std::optional<DType> type = {}) {
  SampleRun out = prepare_sample(card, sample, type);
  execute_sample(card, out, threads);
  return out;
}

}  // namespace keraft::test
