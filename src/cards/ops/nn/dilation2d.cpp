#include <limits>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "cards/window.h"

namespace keraft::cards {
namespace {

struct DilationAxis {
  int64_t stride, rate, before = 0;
  Dim count;
};

DilationAxis dilation_axis(const ShapeContext& s, size_t i, const Dim& in, const Dim& size) {
  const auto strides = s.list("strides"), rates = s.list("rates");
  if (strides.size() != 4 || rates.size() != 4) s.fail("strides and rates need 4 numbers");
  DilationAxis out{strides[i], rates[i], 0, Dim(0)};
  for (const int64_t value : {out.stride, out.rate}) {
    if (value <= 0 || value > int64_t{1} << 20) s.fail("a stride or rate is " + std::to_string(value));
  }
  const std::string& padding = s.text("padding");
  if (padding != "SAME" && padding != "VALID") s.fail("padding is " + padding);
  const Dim reach = (size - Dim(1)) * Dim(out.rate) + Dim(1);
  out.count = padding == "SAME" ? in.ceil_div(Dim(out.stride)) : (in - reach + Dim(1)).ceil_div(Dim(out.stride));
  if (out.count.known() && out.count.value() < 0) s.fail("the filter is larger than the image");
  if (padding == "SAME" && in.known() && reach.known())
    out.before = std::max<int64_t>(0, (out.count.value() - 1) * out.stride + reach.value() - in.value()) / 2;
  return out;
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(dilation2d) {
  op.tf("Dilation2D").about("the largest sum of pixel and filter in each window").fidelity(Fidelity::rounding);
  op.in("input").in("filter").out("output").attr("T").attr("strides").attr("rates").attr("padding");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    need_rank(s, 1, 3);
    need_same_type(s);
    const Shape &in = s.shape(0), &filter = s.shape(1);
    if (!in.has_rank() || !filter.has_rank()) return s.out(0, s.dtype(0), unknown_dims(s, 0, 4));
    const Shape depth = unify(s, Shape{in[3]}, Shape{filter[2]});
    s.out(0, s.dtype(0),
          Shape{in[0], dilation_axis(s, 1, in[1], filter[0]).count, dilation_axis(s, 2, in[2], filter[1]).count, depth[0]});
  });
  op.kernel([](KernelContext& k) {
    const Array &in = k.array(0), &filter = k.array(1);
    Array& out = k.result();
    const DilationAxis rows = dilation_axis(k, 1, Dim(in.dims[1]), Dim(filter.dims[0])),
                       columns = dilation_axis(k, 2, Dim(in.dims[2]), Dim(filter.dims[1]));
    const int64_t channels = in.dims[3];
    dispatch(k, in.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      T* to = out.as<T>();
      for (int64_t i = 0; i < out.elements(); ++i) {
        const int64_t c = i % channels, ox = i / channels % out.dims[2], oy = i / channels / out.dims[2] % out.dims[1],
                      b = i / channels / out.dims[2] / out.dims[1];
        T best = lowest_of(T{});
        for (int64_t ky = 0; ky < filter.dims[0]; ++ky) {
          const int64_t y = oy * rows.stride + ky * rows.rate - rows.before;
          if (y < 0 || y >= in.dims[1]) continue;
          for (int64_t kx = 0; kx < filter.dims[1]; ++kx) {
            const int64_t x = ox * columns.stride + kx * columns.rate - columns.before;
            if (x < 0 || x >= in.dims[2]) continue;
            const T value = plus(in.as<T>()[((b * in.dims[1] + y) * in.dims[2] + x) * channels + c],
                                 filter.as<T>()[(ky * filter.dims[1] + kx) * channels + c]);
            if (value > best) best = value;
          }
        }
        to[i] = best;
      }
    });
  });
  const auto four = [](int64_t rows, int64_t columns) { return dims({1, rows, columns, 1}); };
  op.sample({dims({2, 5, 7, 3}), dims({3, 2, 3})}, {{"strides", four(1, 1)}, {"rates", four(1, 1)}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 6, 2}), dims({2, 2, 2})}, {{"strides", four(2, 1)}, {"rates", four(1, 2)}, {"padding", "VALID"}});
  op.sample({dims({1, 5, 5, 1}), dims({3, 3, 1})}, {{"strides", four(2, 2)}, {"rates", four(2, 1)}, {"padding", "SAME"}});
}
