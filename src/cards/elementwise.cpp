#include "cards/elementwise.h"

namespace keraft::cards {
namespace {

template <class T>
kernels::Operand<T> operand(const Array& array) {
  return {array.as<T>(), array.dims};
}

}  // namespace

void mapped(OpCard& card, kernels::UnaryOp op, const std::string& attribute, double a) {
  card.shape(like_input).layout({});
  card.kernel(with_halves([op, attribute, a](KernelContext& k) {
    const Array& in = k.array(0);
    dispatch(k, in.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      kernels::MapParams<T> params;
      params.a = static_cast<T>(attribute.empty() ? a : k.real(attribute));
      const T* x = in.as<T>();
      kernels::map(k.kernels(), op, x, k.in_place(0, 0).template as<T>(), in.elements(), params);
    });
  }));
}

void binary(OpCard& card, kernels::BinaryOp op) {
  card.shape(like_both).layout({});
  card.kernel(with_halves([op](KernelContext& k) {
    const Array &a = k.array(0), &b = k.array(1);
    dispatch(k, a.dtype, AllNumbers{}, [&](auto type) {
      using T = decltype(type);
      const auto x = operand<T>(a), y = operand<T>(b);
      Array& out = a.elements() >= b.elements() ? k.in_place(0, 0) : k.in_place(0, 1);
      kernels::binary(k.kernels(), op, x, y, out.as<T>());
    });
  }));
}

void comparison(OpCard& card, kernels::CompareOp op) {
  card.layout({});
  card.shape([](ShapeContext& s) {
    need_same_type(s);
    s.out(0, DType::boolean, broadcast(s, s.shape(0), s.shape(1)));
  });
  card.kernel(with_halves([op](KernelContext& k) {
    const Array &a = k.array(0), &b = k.array(1);
    bool* out = k.result().as<bool>();
    if (a.dtype == DType::boolean) return kernels::compare(k.kernels(), op, operand<bool>(a), operand<bool>(b), out);
    dispatch(k, a.dtype, AllNumbers{}, [&](auto type) {
      using T = decltype(type);
      kernels::compare(k.kernels(), op, operand<T>(a), operand<T>(b), out);
    });
  }));
}

void logical(OpCard& card, kernels::LogicalOp op) {
  card.layout({});
  card.shape([](ShapeContext& s) { s.out(0, DType::boolean, broadcast(s, s.shape(0), s.shape(1))); });
  card.kernel([op](KernelContext& k) {
    const Array &a = k.array(0), &b = k.array(1);
    if (a.dtype != DType::boolean || b.dtype != DType::boolean) k.fail("the inputs are not bool");
    kernels::logical(k.kernels(), op, operand<bool>(a), operand<bool>(b), k.result().as<bool>());
  });
}

}  // namespace keraft::cards
