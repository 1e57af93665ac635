#include "cards/numeric.h"
#include "cards/shapes.h"
#include "cards/slice_text.h"
#include "cards/slices.h"
#include "kernels/move.h"

KERAFT_OP(slice) {
  op.tf("Slice").about("a part of a tensor");
  op.tensorflow_with(slice_text);
  op.in("input").in("begin").in("size").out("output").attr("T").attr("Index");
  op.layout({.list_inputs = {1, 2}});
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    need_rank(s, 2, 1);
    const Shape& in = s.shape(0);
    const auto begin = s.numbers(1);
    const auto& size = s.ints(2);
    if (!in.has_rank()) return s.out(0, s.dtype(0), size ? unknown_dims(s, 0, size->size()) : Shape());
    if ((begin && begin->size() != in.rank()) || (size && size->size() != in.rank()))
      s.fail("begin and size need one number per axis of " + in.text());
    Dims out;
    for (size_t i = 0; i < in.rank(); ++i) {
      if (!size || (!begin && (*size)[i].is(-1))) {
        out.push_back(unknown_dim(s, 0, i));
        continue;
      }
      const bool rest = (*size)[i].is(-1);
      if (begin && (*begin)[i] < 0) s.fail("begin is negative");
      out.push_back(rest ? in[i] - Dim((*begin)[i]) : (*size)[i]);
      if (out[i].known() && (out[i].value() < 0 || (begin && in[i].known() && (*begin)[i] > in[i].value() - out[i].value()))) {
        s.fail("takes " + out[i].text() + " from " + std::to_string(begin ? (*begin)[i] : 0) + " of axis " + std::to_string(i) +
               " of " + in.text());
      }
    }
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    const auto begin = s.numbers(1), size = s.numbers(2);
    if (!s.ints(0) || !begin || !size || s.shape(0).rank() != 1 || begin->size() != 1 || size->size() != 1) return std::nullopt;
    const auto first = s.ints(0)->begin() + begin->front();
    return Dims(first, size->front() < 0 ? s.ints(0)->end() : first + size->front());
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    kernels::Strided what;
    what.steps = kernels::row_major(in.dims);
    const auto begin = ints_of(k, 1);
    for (size_t i = 0; i < begin.size(); ++i) what.offset += begin[i] * what.steps[i];
    Array& out = k.result();
    what.dims = out.dims;
    kernels::copy_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
  });
  op.code_with([](CodeContext& k) -> std::optional<std::vector<Edge>> {
    const auto begin = k.numbers(1), size = k.numbers(2);
    const Shape& in = k.shape(0);
    if (!begin || !size || !in.has_rank() || begin->size() != in.rank() || size->size() != in.rank()) return std::nullopt;
    std::vector<SliceAxis> axes;
    for (size_t i = 0; i < in.rank(); ++i) {
      const Dim taken = (*size)[i] < 0 ? in[i] - Dim((*begin)[i]) : Dim((*size)[i]);
      axes.push_back({i, false, false, taken, (*begin)[i], 1});
    }
    return sliced_code(k, axes);
  });
  op.sample({dims({4, 5}), given_i32({1, 2}), given_i32({2, 3})});
  op.sample({dims({4, 5}), given_i32({0, 3}), given_i32({-1, 2})});
  op.sample({dims({6}), given_i32({6}), given_i32({-1})});
}
