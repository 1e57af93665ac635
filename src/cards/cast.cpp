#include "cards/cast.h"

#include <cmath>
#include <limits>

#include "cards/numeric.h"
#include "kernels/half.h"

namespace keraft::cards {
namespace {

template <class To, class From>
To converted(From value) {
  if constexpr (std::is_same_v<From, Boolean>) {
    return static_cast<To>(value.byte != 0 ? 1 : 0);
  } else if constexpr (std::is_same_v<To, Boolean>) {
    return Boolean(value);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    // Small types go through int32, as the instruction has no narrower result.
    using Wide = std::conditional_t<sizeof(To) < 4, int32_t, std::conditional_t<std::is_same_v<To, uint32_t>, int64_t, To>>;
    constexpr auto low = static_cast<From>(std::numeric_limits<Wide>::min());
    constexpr auto past = static_cast<From>(2) * static_cast<From>(std::numeric_limits<Wide>::max() / 2 + 1);
    const From cut = std::trunc(value);
    if (!(cut >= low && cut < past)) {
      return static_cast<To>(std::is_signed_v<Wide> ? std::numeric_limits<Wide>::min() : std::numeric_limits<Wide>::max());
    }
    return static_cast<To>(static_cast<Wide>(cut));
  } else {
    return static_cast<To>(value);
  }
}

bool is_half(DType dtype) { return dtype == DType::f16 || dtype == DType::bf16; }

template <class From, class Get>
void from_typed(const KernelContext& k, int64_t n, Array& out, Get get) {
  const auto all = [&](auto* to, auto make) {
    k.kernels().threads().parallel_for(n, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) to[i] = make(get(i));
    });
  };
  if (out.dtype == DType::bf16) return all(out.as<uint16_t>(), [](From v) { return kernels::to_bf16(converted<float>(v)); });
  if (out.dtype == DType::f16) return all(out.as<uint16_t>(), [](From v) { return kernels::to_f16(converted<float>(v)); });
  dispatch(k, out.dtype, AnyType{}, [&](auto type) {
    using To = decltype(type);
    all(out.as<To>(), [](From v) { return converted<To>(v); });
  });
}

}  // namespace

void cast(KernelContext& k) {
  const Array& in = k.array(0);
  const DType to = k.type("DstT");
  if (in.dtype == to) return k.alias(0, 0);
  const bool narrows = is_floating(in.dtype) && is_floating(to) && size_of(to) < size_of(in.dtype);
  if (narrows && k.flag("Truncate")) {
    throw Error(Status::unsupported, "Cast with Truncate=true has no kernel", Place{{}, {}, k.node().name});
  }
  Array& out = k.result();
  const int64_t n = in.elements();
  if (is_half(in.dtype)) {
    const auto* x = in.as<uint16_t>();
    if (in.dtype == DType::bf16) return from_typed<float>(k, n, out, [x](int64_t i) { return kernels::from_bf16(x[i]); });
    return from_typed<float>(k, n, out, [x](int64_t i) { return kernels::from_f16(x[i]); });
  }
  dispatch(k, in.dtype, AnyType{}, [&](auto type) {
    using From = decltype(type);
    const From* x = in.as<From>();
    from_typed<From>(k, n, out, [x](int64_t i) { return x[i]; });
  });
}

}  // namespace keraft::cards
