#include <cstring>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "cards/window.h"

namespace keraft::cards {
namespace {

/// Rows and columns of a list of four, whose batch and channels must be 1.
std::array<int64_t, 2> rows_and_columns(const ShapeContext& s, const char* name) {
  const auto list = s.list(name);
  if (list.size() != 4 || list[0] != 1 || list[3] != 1) s.fail(std::string(name) + " is not [1, rows, columns, 1]");
  for (size_t i = 1; i <= 2; ++i) {
    if (list[i] <= 0 || list[i] > int64_t{1} << 20) s.fail(std::string(name) + " holds " + std::to_string(list[i]));
  }
  return {list[1], list[2]};
}

struct PatchAxis {
  int64_t size, stride, rate, before = 0;
  Dim count;
};

PatchAxis patch_axis(const ShapeContext& s, size_t i, const Dim& in) {
  PatchAxis out{rows_and_columns(s, "ksizes")[i], rows_and_columns(s, "strides")[i], rows_and_columns(s, "rates")[i], 0,
                Dim(0)};
  const int64_t reach = (out.size - 1) * out.rate + 1;
  const std::string& padding = s.text("padding");
  if (padding != "SAME" && padding != "VALID") s.fail("padding is " + padding);
  out.count = padding == "SAME" ? in.ceil_div(Dim(out.stride)) : (in - Dim(reach - 1)).ceil_div(Dim(out.stride));
  if (out.count.known() && out.count.value() < 0) out.count = 0;
  if (padding == "SAME" && in.known())
    out.before = std::max<int64_t>(0, (out.count.value() - 1) * out.stride + reach - in.value()) / 2;
  return out;
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(extract_image_patches) {
  op.tf("ExtractImagePatches").about("windows of images as vectors");
  op.in("images").out("patches").attr("ksizes").attr("strides").attr("rates").attr("T").attr("padding");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    const auto size = rows_and_columns(s, "ksizes");
    if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), unknown_dims(s, 0, 4));
    const Dims& in = s.shape(0).dims();
    s.out(0, s.dtype(0),
          Shape{in[0], patch_axis(s, 0, in[1]).count, patch_axis(s, 1, in[2]).count, in[3] * Dim(size[0] * size[1])});
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    Array& out = k.result();
    const PatchAxis rows = patch_axis(k, 0, Dim(in.dims[1])), columns = patch_axis(k, 1, Dim(in.dims[2]));
    const size_t pixel = static_cast<size_t>(in.dims[3]) * size_of(in.dtype);
    std::byte* to = out.data.get();
    if (out.elements() == 0) return;
    for (int64_t b = 0; b < out.dims[0]; ++b) {
      for (int64_t oy = 0; oy < out.dims[1]; ++oy) {
        for (int64_t ox = 0; ox < out.dims[2]; ++ox) {
          for (int64_t ky = 0; ky < rows.size; ++ky) {
            for (int64_t kx = 0; kx < columns.size; ++kx, to += pixel) {
              const int64_t y = oy * rows.stride + ky * rows.rate - rows.before,
                            x = ox * columns.stride + kx * columns.rate - columns.before;
              if (y < 0 || x < 0 || y >= in.dims[1] || x >= in.dims[2])
                std::memset(to, 0, pixel);
              else
                std::memcpy(to, in.data.get() + static_cast<size_t>((b * in.dims[1] + y) * in.dims[2] + x) * pixel, pixel);
            }
          }
        }
      }
    }
  });
  const auto four = [](int64_t rows, int64_t columns) { return dims({1, rows, columns, 1}); };
  op.sample({dims({2, 5, 7, 3})},
            {{"ksizes", four(3, 2)}, {"strides", four(2, 1)}, {"rates", four(1, 1)}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 6, 2})},
            {{"ksizes", four(2, 3)}, {"strides", four(3, 2)}, {"rates", four(2, 1)}, {"padding", "VALID"}});
  op.sample({dims({1, 7, 9, 1})},
            {{"ksizes", four(3, 3)}, {"strides", four(1, 2)}, {"rates", four(2, 3)}, {"padding", "SAME"}});
  op.sample({dims({0, 4, 4, 2})},
            {{"ksizes", four(2, 2)}, {"strides", four(2, 2)}, {"rates", four(1, 1)}, {"padding", "VALID"}});
}
