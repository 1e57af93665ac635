#include <algorithm>
#include <cmath>
#include "cards/calls.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(lrn) {
  op.tf("LRN")
      .about("each value divided by a power of its neighbours' squares in the last axis")
      .fidelity(Fidelity::approximate);
  op.tensorflow(
      "tf.nn.local_response_normalization({0}, depth_radius={depth_radius}, bias={bias}, alpha={alpha}, beta={beta})");
  op.code_with([](CodeContext& k) -> std::optional<std::vector<Edge>> {
    const Shape& in = k.shape(0);
    const Operand x = k.input(0);
    if (!in.has_rank() || in.rank() != 4 || !in[3].known() || !x.is_tensor()) return std::nullopt;
    std::vector<int64_t> sizes;
    for (const Dim& dim : in.dims()) sizes.push_back(dim.known() ? dim.value() : -1);
    if (std::count(sizes.begin(), sizes.end(), -1) > 1) return std::nullopt;
    const int64_t radius = k.integer("depth_radius");
    if (radius < 0 || radius > 4096) return std::nullopt;
    const int64_t width = 2 * radius + 1;
    // Channels as rows of one pixel: the mean of a window is the sum that is wanted by its width.
    const std::vector<int64_t> steps{-1, in[3].value(), 1, 1};
    const Value none = Value::ints({0, 0}), edges(List{none, Value::ints({radius, radius}), none, none});
    Operand h = called(k, "Square", {{"x", x}});
    h = called(k, "Reshape", {{"x", h}, {"newshape", literal(Value::ints(steps))}});
    h = called(k, "Pad", {{"x", h}, {"pad_width", literal(edges)}});
    h = called(k, "AveragePool",
               {{"inputs", h},
                {"pool_size", literal(Value::ints({width, 1}))},
                {"strides", literal(Value::ints({1, 1}))},
                {"data_format", literal(std::string("channels_last"))}});
    h = called(k, "Reshape", {{"x", h}, {"newshape", literal(Value::ints(sizes))}});
    h = both(k, "Multiply", h, literal(k.real("alpha") * static_cast<double>(width)));
    h = both(k, "Power", both(k, "Add", h, literal(k.real("bias"))), literal(-k.real("beta")));
    return std::vector<Edge>{both(k, "Multiply", x, h).edge};
  });
  op.in("input")
      .out("output")
      .attr("depth_radius", 5)
      .attr("bias", 1.0)
      .attr("alpha", 1.0)
      .attr("beta", 0.5)
      .attr("T", DType::f32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    s.same(0, 0);
  });
  op.kernel(with_halves([](KernelContext& k) {
    const Array& in = k.array(0);
    const int64_t radius = k.integer("depth_radius"), channels = in.dims[3],
                  rows = channels == 0 ? 0 : in.elements() / channels;
    if (radius < 0) k.fail("depth_radius is negative");
    if (in.dtype != DType::f32) k.fail("has no kernel for " + std::string(name_of(in.dtype)));
    const double bias = k.real("bias"), alpha = k.real("alpha"), beta = k.real("beta");
    const float* x = in.as<float>();
    float* y = k.result().as<float>();
    k.kernels().threads().parallel_for(rows, 16, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        for (int64_t c = 0; c < channels; ++c) {
          double sum = 0;
          const int64_t first = c > radius ? c - radius : 0, last = radius < channels - 1 - c ? c + radius : channels - 1;
          for (int64_t i = first; i <= last; ++i)
            sum += static_cast<double>(x[r * channels + i]) * static_cast<double>(x[r * channels + i]);
          y[r * channels + c] =
              static_cast<float>(static_cast<double>(x[r * channels + c]) * std::pow(bias + alpha * sum, -beta));
        }
      }
    });
  }));
  op.sample({dims({1, 2, 3, 7})});
  op.sample({dims({2, 2, 2, 3})}, {{"depth_radius", 1}, {"bias", 2.0}, {"alpha", 0.1}, {"beta", 0.75}});
  op.sample({dims({1, 1, 1, 1})}, {{"depth_radius", 0}});
}
