#include "cards/number_tensor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ir/number.h"
#include "keraft/error.hpp"
#include "keraft/value.hpp"
#include "kernels/half.h"

namespace keraft::cards {
namespace {

template <class T, class F>
Tensor filled(DType dtype, std::vector<int64_t> dims, const std::vector<double>& values, F convert) {
  std::vector<T> out;
  out.reserve(values.size());
  for (const double value : values) out.push_back(convert(value));
  return make_tensor<T>(dtype, std::move(dims), out);
}

template <class T>
Tensor whole(DType dtype, std::vector<int64_t> dims, const std::vector<double>& values) {
  return filled<T>(dtype, std::move(dims), values, [&](double value) {
    // The largest int64 is no double.
    const bool fits = value >= static_cast<double>(std::numeric_limits<T>::min()) &&
                      value < static_cast<double>(std::numeric_limits<T>::max()) + 1 && value == std::trunc(value);
    if (!fits) throw Error(Status::unsupported, Value(value).text() + " is no " + std::string(name_of(dtype)));
    return static_cast<T>(value);
  });
}

Value nested(const std::vector<Value>& flat, const std::vector<int64_t>& dims, size_t axis, size_t& next) {
  if (axis == dims.size()) return flat[next++];
  List out;
  for (int64_t i = 0; i < dims[axis]; ++i) out.push_back(nested(flat, dims, axis + 1, next));
  return out;
}

bool flatten_at(const Value& value, size_t depth, std::vector<int64_t>& dims, std::vector<Value>& numbers, bool& real) {
  if (const List* list = value.get<List>()) {
    // The first leaf fixes the depth.
    if (depth > 8 || (!numbers.empty() && depth >= dims.size())) return false;
    if (depth == dims.size()) dims.push_back(static_cast<int64_t>(list->size()));
    if (dims[depth] != static_cast<int64_t>(list->size())) return false;
    return std::all_of(list->begin(), list->end(),
                       [&](const Value& v) { return flatten_at(v, depth + 1, dims, numbers, real); });
  }
  const bool* flag = value.get<bool>();
  if (depth != dims.size() || (!flag && !value.number())) return false;
  real = real || value.get<double>();
  numbers.push_back(flag ? Value(int64_t{*flag}) : value);
  return true;
}

}  // namespace

Value nested_value(const Tensor& tensor) {
  std::vector<Value> flat;
  if (is_integer(tensor.dtype)) {
    for (const int64_t one : to_ints(tensor)) flat.emplace_back(one);
  } else if (tensor.dtype == DType::boolean) {
    for (const int64_t one : to_ints(tensor)) flat.emplace_back(one != 0);
  } else if (is_floating(tensor.dtype)) {
    for (const double one : to_doubles(tensor)) {
      if (!std::isfinite(one)) throw Error(Status::unsupported, "a constant holds NaN or infinity, which no file of Keras can");
      flat.emplace_back(tensor.dtype == DType::f64 ? one : ir::shortest(one));
    }
  } else {
    throw Error(Status::unsupported, "a constant of the type " + std::string(name_of(tensor.dtype)));
  }
  size_t next = 0;
  return nested(flat, tensor.dims, 0, next);
}

bool flatten(const Value& value, std::vector<int64_t>& dims, std::vector<Value>& numbers, bool& real) {
  return flatten_at(value, 0, dims, numbers, real);
}

Tensor number_tensor(DType dtype, std::vector<int64_t> dims, const std::vector<double>& values) {
  switch (dtype) {
    case DType::f32:
      return filled<float>(dtype, std::move(dims), values, [](double v) { return static_cast<float>(v); });
    case DType::f64:
      return make_tensor<double>(dtype, std::move(dims), values);
    case DType::f16:
      return filled<uint16_t>(dtype, std::move(dims), values, [](double v) { return kernels::to_f16(static_cast<float>(v)); });
    case DType::bf16:
      return filled<uint16_t>(dtype, std::move(dims), values, [](double v) { return kernels::to_bf16(static_cast<float>(v)); });
    case DType::boolean:
      return filled<uint8_t>(dtype, std::move(dims), values, [](double v) { return static_cast<uint8_t>(v != 0); });
    case DType::i8:
      return whole<int8_t>(dtype, std::move(dims), values);
    case DType::u8:
      return whole<uint8_t>(dtype, std::move(dims), values);
    case DType::i16:
      return whole<int16_t>(dtype, std::move(dims), values);
    case DType::u16:
      return whole<uint16_t>(dtype, std::move(dims), values);
    case DType::i32:
      return whole<int32_t>(dtype, std::move(dims), values);
    case DType::u32:
      return whole<uint32_t>(dtype, std::move(dims), values);
    case DType::i64:
      return whole<int64_t>(dtype, std::move(dims), values);
    case DType::u64:
      return whole<uint64_t>(dtype, std::move(dims), values);
    default:
      throw Error(Status::unsupported, "numbers of the type " + std::string(name_of(dtype)));
  }
}

Tensor value_tensor(DType dtype, std::vector<int64_t> dims, const std::vector<Value>& values) {
  // Doubles hold not every integer.
  const auto is_whole = [](const Value& value) { return value.get<int64_t>() != nullptr; };
  if (dtype == DType::i64 && std::all_of(values.begin(), values.end(), is_whole)) {
    std::vector<int64_t> out;
    for (const Value& value : values) out.push_back(*value.get<int64_t>());
    return make_tensor<int64_t>(dtype, std::move(dims), out);
  }
  std::vector<double> numbers;
  for (const Value& value : values) numbers.push_back(value.number().value());
  return number_tensor(dtype, std::move(dims), numbers);
}

}  // namespace keraft::cards
