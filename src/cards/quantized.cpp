#include "cards/quantized.h"

namespace keraft::cards {

DType stored(DType dtype) {
  switch (dtype) {
    case DType::qi8:
      return DType::i8;
    case DType::qu8:
      return DType::u8;
    case DType::qi16:
      return DType::i16;
    case DType::qu16:
      return DType::u16;
    case DType::qi32:
      return DType::i32;
    default:
      return dtype;
  }
}

QuantizedAxis::QuantizedAxis(const KernelContext& k) {
  const auto& dims = k.array(0).dims;
  if (const int64_t attribute = k.integer("axis"); attribute != -1) {
    const size_t axis = k.axis(attribute, dims.size());
    count = dims[axis];
    for (size_t i = axis + 1; i < dims.size(); ++i) inner *= dims[i];
  }
  for (size_t i = 1; i <= 2; ++i) {
    if (k.array(i).dtype != DType::f32 || k.array(i).elements() != count)
      k.fail("needs a least and a largest float32 for each slice");
  }
}

}  // namespace keraft::cards
