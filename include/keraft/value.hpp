// The value of an attribute of a node or of a key in a layer's config.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "keraft/dtype.hpp"
#include "keraft/shape.hpp"
#include "keraft/tensor.hpp"

namespace keraft {

struct Value;
using List = std::vector<Value>;
using Dict = std::map<std::string, Value, std::less<>>;

/// A function by name, with the attributes bound to it.
struct FunctionRef {
  std::string name;
  Dict attrs;
  bool operator==(const FunctionRef& other) const;
};

struct Value {
  using Any = std::variant<std::monostate, bool, int64_t, double, std::string, DType, Shape, Tensor, FunctionRef, List, Dict>;
  Any any;

  Value() = default;  ///< null
  Value(bool value) : any(value) {}
  Value(int value) : any(static_cast<int64_t>(value)) {}
  Value(int64_t value) : any(value) {}
  Value(double value) : any(value) {}
  Value(const char* value) : any(std::string(value)) {}
  Value(std::string value) : any(std::move(value)) {}
  Value(DType value) : any(value) {}
  Value(Shape value) : any(std::move(value)) {}
  Value(Tensor value) : any(std::move(value)) {}
  Value(FunctionRef value) : any(std::move(value)) {}
  Value(List value) : any(std::move(value)) {}
  Value(Dict value) : any(std::move(value)) {}
  static Value ints(const std::vector<int64_t>& values);

  bool null() const noexcept { return std::holds_alternative<std::monostate>(any); }
  template <class T>
  const T* get() const noexcept {
    return std::get_if<T>(&any);
  }
  /// A list of integers (an empty list too), else nothing.
  std::optional<std::vector<int64_t>> as_ints() const;
  /// An int or a double as double, else nothing.
  std::optional<double> number() const;
  /// Tensors compare by contents, numbers by value and kind.
  bool operator==(const Value& other) const;
  /// As the text form of a graph prints it: true, 3, 0.5, "SAME", float32, [1, 2], {a: 1}, shape [B, 3].
  std::string text() const;
};

}  // namespace keraft
