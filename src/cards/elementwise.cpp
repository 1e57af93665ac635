#include "cards/elementwise.h"

namespace keraft::cards {
namespace {

template <class T>
kernels::Operand<T> operand(const Array& array) {
  return {array.as<T>(), array.dims};
}

}  // namespace

static Dict sample_attrs(bool floats) { return floats ? Dict{} : Dict{{"T", DType::i32}}; }

void unary_samples(OpCard& card, bool floats) {
  for (const auto& sizes : {dims({2, 3}), dims({}), dims({3, 1, 17}), dims({0, 4})}) card.sample({sizes}, sample_attrs(floats));
}

void binary_samples(OpCard& card, bool floats) {
  using Sizes = std::vector<int64_t>;
  for (const auto& [x, y] : std::initializer_list<std::pair<Sizes, Sizes>>{
           {{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{4, 1, 2}, {5, 1}}, {{}, {2, 2}}, {{}, {}}, {{0, 3}, {1}}}) {
    card.sample({dims(x), dims(y)}, sample_attrs(floats));
  }
}

void mapped(OpCard& card, kernels::UnaryOp op, const std::string& attribute, double a) {
  unary_samples(card);
  card.shape(like_input).layout({});
  card.kernel(with_halves([op, attribute, a](KernelContext& k) {
    const Array& in = k.array(0);
    dispatch(k, in.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      kernels::MapParams<T> params;
      params.a = static_cast<T>(attribute.empty() ? a : static_cast<double>(static_cast<float>(k.real(attribute))));
      const T* x = in.as<T>();
      kernels::map(k.kernels(), op, x, k.in_place(0, 0).template as<T>(), in.elements(), params);
    });
  }));
}

void binary(OpCard& card, kernels::BinaryOp op) {
  binary_samples(card);
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
  binary_samples(card);
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
  card.sample({given_bool({2, 2}, {1, 0, 1, 0}), given_bool({2, 2}, {1, 1, 0, 0})});
  card.sample({given_bool({2, 1}, {1, 0}), given_bool({2}, {1, 0})});
  card.sample({given_bool({}, {1}), given_bool({3}, {1, 0, 1})});
  card.sample({given_bool({0}, {}), given_bool({}, {1})});
  card.shape([](ShapeContext& s) { s.out(0, DType::boolean, broadcast(s, s.shape(0), s.shape(1))); });
  card.kernel([op](KernelContext& k) {
    const Array &a = k.array(0), &b = k.array(1);
    if (a.dtype != DType::boolean || b.dtype != DType::boolean) k.fail("the inputs are not bool");
    kernels::logical(k.kernels(), op, operand<bool>(a), operand<bool>(b), k.result().as<bool>());
  });
}

void add_n(OpCard& card) {
  card.shape([](ShapeContext& s) {
    if (s.inputs() == 0) s.fail("no inputs");
    Shape out = s.shape(0);
    for (size_t i = 1; i < s.inputs(); ++i) out = unify(s, out, s.shape(i));
    s.out(0, s.dtype(0), out);
  });
  card.kernel([](KernelContext& k) {
    if (k.inputs() == 1) return k.alias(0, 0);
    Array& out = k.in_place(0, 0);
    for (size_t i = 0; i < k.inputs(); ++i) {
      if (k.array(i).dtype != out.dtype) k.fail("the inputs have different types");
    }
    dispatch(k, out.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      k.kernels().threads().parallel_for(out.elements(), grain, [&](int64_t begin, int64_t end) {
        for (size_t i = 1; i < k.inputs(); ++i) {
          const T *x = i == 1 ? k.array(0).as<T>() : out.as<T>(), *y = k.array(i).as<T>();
          T* sum = out.as<T>();
          for (int64_t j = begin; j < end; ++j) sum[j] = plus(x[j], y[j]);
        }
      });
    });
  });
}

}  // namespace keraft::cards
