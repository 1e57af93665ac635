#include "cards/blocks.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "cards/calls.h"
#include "cards/numeric.h"
#include "cards/window.h"
#include "kernels/move.h"

namespace keraft::cards {
namespace {

/// Block sizes and paddings (or crops), checked; nothing where they are unknown.
struct Blocks {
  std::vector<int64_t> block, edges;
};
std::optional<Blocks> blocks(const ShapeContext& s) {
  need_rank(s, 1, 1);
  need_rank(s, 2, 2);
  const auto block = s.numbers(1), edges = s.numbers(2);
  if (!block || !edges) return std::nullopt;
  if (edges->size() != 2 * block->size()) s.fail("block_shape and its edges differ in length");
  if (s.shape(0).has_rank() && s.shape(0).rank() < block->size() + 1)
    s.fail("more block sizes than axes of " + s.shape(0).text());
  for (const int64_t size : *block) {
    if (size < 1 || size > std::numeric_limits<int32_t>::max()) s.fail("a block of " + std::to_string(size));
  }
  for (const int64_t edge : *edges) {
    if (edge < 0 || edge > std::numeric_limits<int32_t>::max()) s.fail("an edge of " + std::to_string(edge));
  }
  return Blocks{*block, *edges};
}

Dim divided(const ShapeContext& s, const Dim& size, int64_t by) {
  if (size.known() && size.value() % by != 0) s.fail(size.text() + " cannot be cut into blocks of " + std::to_string(by));
  return size.floor_div(Dim(by));
}

void transpose(const KernelContext& k, const std::byte* in, const std::vector<int64_t>& dims, const std::vector<size_t>& perm,
               std::byte* out, DType dtype) {
  const auto steps = kernels::row_major(dims);
  kernels::Strided what;
  for (const size_t axis : perm) {
    what.dims.push_back(dims[axis]);
    what.steps.push_back(steps[axis]);
  }
  kernels::copy_strided(k.kernels(), in, out, size_of(dtype), what);
}

std::optional<std::vector<int64_t>> sizes_behind_batch(const ShapeContext& s) {
  std::vector<int64_t> out;
  if (!s.shape(0).has_rank()) return std::nullopt;
  for (size_t i = 1; i < s.shape(0).rank(); ++i) {
    if (!s.shape(0)[i].known() || s.shape(0)[i].value() < 1) return std::nullopt;
    out.push_back(s.shape(0)[i].value());
  }
  return out;
}

}  // namespace

void space_to_batch_shape(ShapeContext& s) {
  const auto b = blocks(s);
  const Shape& in = s.shape(0);
  if (!b || !in.has_rank()) return s.out(0, s.dtype(0), in.has_rank() ? unknown_dims(s, 0, in.rank()) : Shape());
  Dims out = in.dims();
  for (size_t i = 0; i < b->block.size(); ++i) {
    out[0] = out[0] * Dim(b->block[i]);
    out[i + 1] = divided(s, out[i + 1] + Dim(b->edges[2 * i]) + Dim(b->edges[2 * i + 1]), b->block[i]);
  }
  s.out(0, s.dtype(0), out);
}

void batch_to_space_shape(ShapeContext& s) {
  const auto b = blocks(s);
  const Shape& in = s.shape(0);
  if (!b || !in.has_rank()) return s.out(0, s.dtype(0), in.has_rank() ? unknown_dims(s, 0, in.rank()) : Shape());
  Dims out = in.dims();
  for (size_t i = 0; i < b->block.size(); ++i) {
    out[0] = divided(s, out[0], b->block[i]);
    out[i + 1] = out[i + 1] * Dim(b->block[i]) - Dim(b->edges[2 * i]) - Dim(b->edges[2 * i + 1]);
  }
  need_sizes(s, out);
  s.out(0, s.dtype(0), out);
}

void space_to_batch(KernelContext& k) {
  const Blocks b = blocks(k).value();
  const Array& in = k.array(0);
  Array& out = k.result();
  const size_t n = b.block.size();
  // Padded sizes cut into [batch, space/block, block, …, rest]; the blocks then go in front.
  std::vector<int64_t> padded = in.dims, cut{in.dims[0]};
  std::vector<size_t> perm;
  for (size_t i = 0; i < n; ++i) {
    padded[i + 1] += b.edges[2 * i] + b.edges[2 * i + 1];
    cut.insert(cut.end(), {padded[i + 1] / b.block[i], b.block[i]});
    perm.push_back(2 * i + 2);
  }
  perm.push_back(0);
  for (size_t i = 0; i < n; ++i) perm.push_back(2 * i + 1);
  for (size_t i = n + 1; i < in.dims.size(); ++i) {
    perm.push_back(cut.size());
    cut.push_back(in.dims[i]);
  }
  Array whole = k.temporary(in.dtype, padded);
  std::memset(whole.data.get(), 0, whole.bytes());
  kernels::Strided what;
  what.dims = in.dims;
  what.steps = kernels::row_major(padded);
  for (size_t i = 0; i < n; ++i) what.offset += b.edges[2 * i] * what.steps[i + 1];
  kernels::write_strided(k.kernels(), in.data.get(), whole.data.get(), size_of(in.dtype), what);
  transpose(k, whole.data.get(), cut, perm, out.data.get(), in.dtype);
}

void batch_to_space(KernelContext& k) {
  const Blocks b = blocks(k).value();
  const Array& in = k.array(0);
  Array& out = k.result();
  const size_t n = b.block.size();
  std::vector<int64_t> cut = b.block, whole{out.dims[0]};
  cut.push_back(out.dims[0]);
  std::vector<size_t> perm{n};
  for (size_t i = 0; i < n; ++i) {
    perm.insert(perm.end(), {cut.size(), i});
    cut.push_back(in.dims[i + 1]);
    whole.push_back(in.dims[i + 1] * b.block[i]);
  }
  for (size_t i = n + 1; i < in.dims.size(); ++i) {
    perm.push_back(cut.size());
    cut.push_back(in.dims[i]);
    whole.push_back(in.dims[i]);
  }
  Array joined = k.temporary(in.dtype, whole);
  transpose(k, in.data.get(), cut, perm, joined.data.get(), in.dtype);
  kernels::Strided what;
  what.dims = out.dims;
  what.steps = kernels::row_major(whole);
  for (size_t i = 0; i < n; ++i) what.offset += b.edges[2 * i] * what.steps[i + 1];
  kernels::copy_strided(k.kernels(), joined.data.get(), out.data.get(), size_of(in.dtype), what);
}

std::optional<std::vector<Edge>> space_to_batch_code(CodeContext& k) {
  const auto b = blocks(k);
  const auto sizes = sizes_behind_batch(k);
  Operand x = k.input(0);
  if (!b || !sizes || !x.is_tensor()) return std::nullopt;
  const size_t n = b->block.size();
  List edges{Value::ints({0, 0})};
  std::vector<int64_t> cut{-1}, perm, out{-1};
  for (size_t i = 0; i < n; ++i) {
    const int64_t size = (*sizes)[i] + b->edges[2 * i] + b->edges[2 * i + 1];
    edges.push_back(Value::ints({b->edges[2 * i], b->edges[2 * i + 1]}));
    cut.insert(cut.end(), {size / b->block[i], b->block[i]});
    perm.push_back(static_cast<int64_t>(2 * i + 2));
    out.push_back(size / b->block[i]);
  }
  for (size_t i = 0; i <= n; ++i) perm.push_back(static_cast<int64_t>(i == 0 ? 0 : 2 * i - 1));
  for (size_t i = n; i < sizes->size(); ++i) {
    edges.push_back(Value::ints({0, 0}));
    perm.push_back(static_cast<int64_t>(cut.size()));
    cut.push_back((*sizes)[i]);
    out.push_back((*sizes)[i]);
  }
  if (std::any_of(b->edges.begin(), b->edges.end(), [](int64_t edge) { return edge != 0; }))
    x = called(k, "Pad", {{"x", x}, {"pad_width", literal(std::move(edges))}});
  x = called(k, "Reshape", {{"x", x}, {"newshape", literal(Value::ints(cut))}});
  x = called(k, "Transpose", {{"x", x}, {"axes", literal(Value::ints(perm))}});
  return std::vector<Edge>{called(k, "Reshape", {{"x", x}, {"newshape", literal(Value::ints(out))}}).edge};
}

std::optional<std::vector<Edge>> batch_to_space_code(CodeContext& k) {
  const auto b = blocks(k);
  const auto sizes = sizes_behind_batch(k);
  Operand x = k.input(0);
  if (!b || !sizes || !x.is_tensor()) return std::nullopt;
  const size_t n = b->block.size();
  std::vector<int64_t> cut = b->block, perm{static_cast<int64_t>(n)}, joined{-1};
  cut.push_back(-1);
  for (size_t i = 0; i < sizes->size(); ++i) {
    perm.push_back(static_cast<int64_t>(cut.size()));
    if (i < n) perm.push_back(static_cast<int64_t>(i));
    cut.push_back((*sizes)[i]);
    joined.push_back((*sizes)[i] * (i < n ? b->block[i] : 1));
  }
  x = called(k, "Reshape", {{"x", x}, {"newshape", literal(Value::ints(cut))}});
  x = called(k, "Transpose", {{"x", x}, {"axes", literal(Value::ints(perm))}});
  x = called(k, "Reshape", {{"x", x}, {"newshape", literal(Value::ints(joined))}});
  for (size_t i = 0; i < n; ++i) {
    const int64_t before = b->edges[2 * i], behind = b->edges[2 * i + 1], end = joined[i + 1] - behind;
    std::vector<int64_t> cuts;
    if (before > 0) cuts.push_back(before);
    if (behind > 0) cuts.push_back(end);
    if (cuts.empty()) continue;
    if (before >= end) return std::nullopt;
    const Operand axis = literal(static_cast<int64_t>(i + 1));
    x = called(k, "Split", {{"x", x}, {"indices_or_sections", literal(Value::ints(cuts))}, {"axis", axis}}, before > 0 ? 1 : 0);
  }
  return std::vector<Edge>{x.edge};
}

void depth_shape(ShapeContext& s, bool to_depth) {
  need_rank(s, 0, 4);
  const ImageAxes axes = image_axes(s);
  const int64_t block = s.integer("block_size");
  if (block < 1 || block > 32768) s.fail("block_size is " + std::to_string(block));
  if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), unknown_dims(s, 0, 4));
  Dims out = s.shape(0).dims();
  for (const size_t axis : {axes.height, axes.width})
    out[axis] = to_depth ? divided(s, out[axis], block) : out[axis] * Dim(block);
  out[axes.channel] = to_depth ? out[axes.channel] * Dim(block * block) : divided(s, out[axes.channel], block * block);
  s.out(0, s.dtype(0), out);
}

std::optional<std::vector<Edge>> depth_code(CodeContext& k, bool to_depth) {
  if (k.text("data_format") != "NHWC" || !k.shape(0).has_rank()) return std::nullopt;
  const Shape& in = k.shape(0);
  for (size_t axis = 1; axis < 4; ++axis) {
    if (!in[axis].known()) return std::nullopt;
  }
  const int64_t b = k.integer("block_size"), height = in[1].value(), width = in[2].value(), depth = in[3].value();
  const auto given = [](const std::vector<int64_t>& list) {
    Operand setting;
    setting.value = Value::ints(list);
    return setting;
  };
  Operand x = k.input(0);
  if (!x.is_tensor()) return std::nullopt;
  using Sizes = std::vector<int64_t>;
  const Sizes apart =
      to_depth ? Sizes{-1, height / b, b, width / b, b, depth} : Sizes{-1, height, width, b, b, depth / (b * b)};
  const Sizes out =
      to_depth ? Sizes{-1, height / b, width / b, depth * b * b} : Sizes{-1, height * b, width * b, depth / (b * b)};
  x.edge = k.call("Reshape", {{"x", x}, {"newshape", given(apart)}});
  x.edge = k.call("Transpose", {{"x", x}, {"axes", given({0, 1, 3, 2, 4, 5})}});
  return std::vector<Edge>{k.call("Reshape", {{"x", x}, {"newshape", given(out)}})};
}

void move_depth(KernelContext& k, bool to_depth) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const int64_t b = k.integer("block_size");
  const auto &i = in.dims, &o = out.dims;
  if (k.text("data_format") == "NHWC") {
    if (to_depth)
      return transpose(k, in.data.get(), {i[0], o[1], b, o[2], b, i[3]}, {0, 1, 3, 2, 4, 5}, out.data.get(), in.dtype);
    return transpose(k, in.data.get(), {i[0], i[1], i[2], b, b, o[3]}, {0, 1, 3, 2, 4, 5}, out.data.get(), in.dtype);
  }
  if (to_depth)
    return transpose(k, in.data.get(), {i[0], i[1], o[2], b, o[3], b}, {0, 3, 5, 1, 2, 4}, out.data.get(), in.dtype);
  transpose(k, in.data.get(), {i[0], b, b, o[1], i[2], i[3]}, {0, 3, 4, 1, 5, 2}, out.data.get(), in.dtype);
}

}  // namespace keraft::cards
