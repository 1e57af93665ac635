#include "cards/shapes.h"
#include "keraft/error.hpp"

KERAFT_OP(const) {
  op.tf("Const").about("a constant of the graph");
  op.out("output").attr("value").attr("dtype");
  op.shape([](ShapeContext& s) {
    const Tensor* value = s.attr("value").get<Tensor>();
    if (!value) s.fail("attribute value is not a tensor");
    const auto dtype = s.node().attrs.find("dtype");
    const DType* said = dtype == s.node().attrs.end() ? nullptr : dtype->second.get<DType>();
    if (said && *said != value->dtype)
      s.fail("attribute dtype is " + std::string(name_of(*said)) + ", the value is " + std::string(name_of(value->dtype)));
    s.out(0, value->dtype, Shape::of(value->dims));
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    const Tensor* value = s.attr("value").get<Tensor>();
    if (!value || !is_integer(value->dtype) || value->elements() > 1024) return std::nullopt;
    const auto numbers = to_ints(*value);
    return Dims(numbers.begin(), numbers.end());
  });
  op.kernel([](KernelContext& k) {
    const Tensor& value = *k.attr("value").get<Tensor>();
    if (size_of(value.dtype) == 0) {
      throw Error(Status::unsupported, "a constant of type " + std::string(name_of(value.dtype)) + " cannot be computed with",
                  Place{{}, {}, k.node().name});
    }
    Array& out = k.result();
    if (out.elements() > 0) value.storage->read(0, {out.data.get(), out.bytes()});
  });
  op.sample({}, {{"value", given_i32({1, 2, 3})}, {"dtype", DType::i32}});
  op.sample({}, {{"value", given<float>(DType::f32, {2, 1}, {0.5F, -3.0F})}, {"dtype", DType::f32}});
  op.sample({}, {{"value", scalar_i32(7)}, {"dtype", DType::i32}});
}
