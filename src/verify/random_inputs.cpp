#include "verify/random_inputs.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "keraft/error.hpp"
#include "kernels/half.h"
#include "verify/pairs.h"

namespace keraft::verifying {
namespace {

/// SplitMix64: small, and equal on every platform.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t bits() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform()); }

 private:
  uint64_t state_;
};

template <class T, class Next>
void fill(Array& out, Next next) {
  T* to = out.as<T>();
  for (int64_t i = 0; i < out.elements(); ++i) to[i] = static_cast<T>(next());
}

void fill(Array& out, Random& random) {
  const auto small = [&] { return random.bits() % 4; };
  switch (out.dtype) {
    case DType::f32:
      return fill<float>(out, [&] { return random.normal(); });
    case DType::f64:
      return fill<double>(out, [&] { return random.normal(); });
    case DType::f16:
      return fill<uint16_t>(out, [&] { return kernels::to_f16(static_cast<float>(random.normal())); });
    case DType::bf16:
      return fill<uint16_t>(out, [&] { return kernels::to_bf16(static_cast<float>(random.normal())); });
    case DType::boolean:
      return fill<uint8_t>(out, [&] { return random.bits() % 2; });
    case DType::u8:
    case DType::i8:
      return fill<uint8_t>(out, small);
    case DType::i16:
    case DType::u16:
      return fill<uint16_t>(out, small);
    case DType::i32:
    case DType::u32:
      return fill<uint32_t>(out, small);
    case DType::i64:
    case DType::u64:
      return fill<uint64_t>(out, small);
    default:
      throw Error(Status::unsupported, "no random numbers of type " + std::string(name_of(out.dtype)));
  }
}

Shape common_shape(const Shape& a, const Shape& b, const std::string& name) {
  if (!a.has_rank() && !b.has_rank()) {
    throw Error(Status::unsupported, "the input's shape is unknown; give it with --shape NAME=…", {{}, {}, name});
  }
  if (!a.has_rank() || !b.has_rank()) return a.has_rank() ? a : b;
  bool fits = a.rank() == b.rank();
  Dims out = a.dims();
  for (size_t i = 0; fits && i < out.size(); ++i) {
    fits = !out[i].known() || !b[i].known() || out[i] == b[i];
    if (!out[i].known() && b[i].known()) out[i] = b[i];
  }
  if (!fits)
    throw Error(Status::mismatch, "the input is " + a.text() + " in one model, " + b.text() + " in the other", {{}, {}, name});
  return out;
}

}  // namespace

/// Is the input read as integers, and in no other way?
static bool read_as_integers(const Graph& graph, Edge input) {
  bool any = false;
  for (const Node& node : graph.nodes) {
    if (node.dead || std::find(node.inputs.begin(), node.inputs.end(), input) == node.inputs.end()) continue;
    const auto to = node.attrs.find("DstT");
    const DType* dtype = node.op == "tf/Cast" && to != node.attrs.end() ? to->second.get<DType>() : nullptr;
    if (!dtype || !is_integer(*dtype)) return false;
    any = true;
  }
  return any;
}

std::vector<InputSpec> input_specs(const Graph& a, const Graph& b) {
  std::vector<InputSpec> out;
  for (const auto& [i, k] : paired(a.inputs, b.inputs, "inputs")) {
    const TensorType x = a.type(a.inputs[i].edge), y = b.type(b.inputs[k].edge);
    const std::string& name = a.inputs[i].name;
    if (x.dtype != y.dtype && x.dtype != DType::invalid && y.dtype != DType::invalid) {
      throw Error(
          Status::mismatch,
          "the input is " + std::string(name_of(x.dtype)) + " in one model, " + std::string(name_of(y.dtype)) + " in the other",
          {{}, {}, name});
    }
    out.push_back({name, b.inputs[k].name, x.dtype == DType::invalid ? y.dtype : x.dtype, common_shape(x.shape, y.shape, name),
                   read_as_integers(a, a.inputs[i].edge)});
  }
  return out;
}

bool batch_is_free(const std::vector<InputSpec>& specs) {
  return std::any_of(specs.begin(), specs.end(),
                     [](const InputSpec& spec) { return spec.shape.rank() > 0 && !spec.shape[0].known(); });
}

bool batch_may_grow(const std::vector<InputSpec>& specs) {
  return std::any_of(specs.begin(), specs.end(), [](const InputSpec& spec) {
    return spec.shape.rank() > 0 && !spec.shape[0].known() && spec.shape[0].text() != "B";
  });
}

bool sizes_are_free(const std::vector<InputSpec>& specs) {
  for (const InputSpec& spec : specs) {
    for (size_t i = 1; i < spec.shape.rank(); ++i) {
      if (!spec.shape[i].known()) return true;
    }
  }
  return false;
}

/// Networks that halve their images halve them five times at most, as a rule.
constexpr int64_t round_size = 32;

std::vector<Array> random_inputs(const std::vector<InputSpec>& specs, int64_t batch, int64_t free_size, uint64_t seed) {
  Random random(seed);
  std::set<std::string> batches;
  for (const InputSpec& spec : specs) {
    if (spec.shape.rank() > 0 && !spec.shape[0].known()) batches.insert(spec.shape[0].text());
  }
  std::map<std::string, int64_t> sizes;
  std::vector<Array> out;
  for (const InputSpec& spec : specs) {
    std::vector<int64_t> dims;
    for (const Dim& dim : spec.shape.dims()) {
      if (dim.known()) {
        dims.push_back(dim.value());
      } else {
        const int64_t more = free_size % round_size == 0 ? round_size : 2;
        const int64_t size = batches.contains(dim.text()) ? batch : free_size + more * static_cast<int64_t>(sizes.size());
        dims.push_back(sizes.try_emplace(dim.text(), size).first->second);
      }
    }
    out.push_back(make_array(spec.dtype, std::move(dims)));
    if (spec.whole && spec.dtype == DType::f32)
      fill<float>(out.back(), [&] { return random.bits() % 4; });
    else
      fill(out.back(), random);
  }
  return out;
}

}  // namespace keraft::verifying
