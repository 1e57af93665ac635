#include "cards/shapes.h"

namespace keraft::cards {

Value given_i32(const std::vector<int32_t>& values) {
  return given<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values);
}

Value scalar_i32(int32_t value) { return given<int32_t>(DType::i32, {}, {value}); }

Value given_bool(std::vector<int64_t> sizes, const std::vector<int>& values) {
  const std::vector<uint8_t> bytes(values.begin(), values.end());
  return given<uint8_t>(DType::boolean, std::move(sizes), bytes);
}

Dim unknown_dim(const ShapeContext& s, size_t port, size_t axis) {
  return Dim::symbol(s.node().name + "." + std::to_string(port) + "." + std::to_string(axis));
}

Shape unknown_dims(const ShapeContext& s, size_t port, size_t rank) {
  Dims out;
  for (size_t axis = 0; axis < rank; ++axis) out.push_back(unknown_dim(s, port, axis));
  return out;
}

Shape broadcast(const ShapeContext& s, const Shape& a, const Shape& b) {
  if (!a.has_rank() || !b.has_rank()) return {};
  const size_t rank = std::max(a.rank(), b.rank());
  Dims out(rank);
  for (size_t i = 0; i < rank; ++i) {
    const Dim x = i + a.rank() < rank ? Dim(1) : a[i + a.rank() - rank];
    const Dim y = i + b.rank() < rank ? Dim(1) : b[i + b.rank() - rank];
    if (x == y || y.is(1)) {
      out[i] = x;
    } else if (x.is(1)) {
      out[i] = y;
    } else if (x.known() && y.known()) {
      s.fail("shapes " + a.text() + " and " + b.text() + " do not broadcast");
    } else {
      out[i] = x.known() ? x : y.known() ? y : max(x, y);
    }
  }
  return out;
}

Shape unify(const ShapeContext& s, const Shape& a, const Shape& b) {
  if (!a.has_rank()) return b;
  if (!b.has_rank()) return a;
  if (a.rank() != b.rank()) s.fail("shapes " + a.text() + " and " + b.text() + " differ in rank");
  Dims out = a.dims();
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == b[i]) continue;
    if (out[i].known() && b[i].known()) s.fail("shapes " + a.text() + " and " + b.text() + " differ");
    if (b[i].known()) out[i] = b[i];
  }
  return out;
}

void need_rank(const ShapeContext& s, size_t i, size_t rank) {
  const Shape& shape = s.shape(i);
  if (shape.has_rank() && shape.rank() != rank) {
    s.fail("input " + std::to_string(i) + " has shape " + shape.text() + ", needs rank " + std::to_string(rank));
  }
}

Dim product(const Dims& dims) {
  Dim out = 1;
  for (const Dim& dim : dims) out = out * dim;
  return out;
}

void need_sizes(const ShapeContext& s, const Dims& dims) {
  for (const Dim& dim : dims) {
    if (dim.known() && dim.value() < 0) s.fail("a size is negative: " + Shape(dims).text());
  }
}

void like_input(ShapeContext& s) { s.same(0, 0); }

void need_same_type(const ShapeContext& s) {
  const DType a = s.dtype(0), b = s.dtype(1);
  if (a == b || a == DType::invalid || b == DType::invalid) return;
  s.fail("inputs of types " + std::string(name_of(a)) + " and " + std::string(name_of(b)));
}

void like_both(ShapeContext& s) {
  need_same_type(s);
  s.out(0, s.dtype(0), broadcast(s, s.shape(0), s.shape(1)));
}

std::optional<int64_t> number(const ShapeContext& s, size_t i) {
  const auto values = s.numbers(i);
  if (!values) return std::nullopt;
  if (values->size() != 1) s.fail("input " + std::to_string(i) + " must be one number");
  return values->front();
}

}  // namespace keraft::cards
