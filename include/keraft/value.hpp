// The value of an attribute of a node or of a key in a layer's config.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
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

/// Something large that copies of a value share until one of them changes it.
template <class T>
class Shared {
 public:
  Shared(T value) : held_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const noexcept {
    static const T moved_from{};
    return held_ ? *held_ : moved_from;
  }
  T& edit() {
    if (held_.use_count() != 1) held_ = std::make_shared<T>(**this);
    return *held_;
  }
  bool operator==(const Shared& other) const { return held_ == other.held_ || **this == *other; }

 private:
  std::shared_ptr<T> held_;
};

struct Value {
  using Any = std::variant<std::monostate, bool, int64_t, double, std::string, DType, Shape, Shared<Tensor>,
                           Shared<FunctionRef>, Shared<List>, Shared<Dict>>;
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
    if constexpr (is_shared<T>) {
      const auto* shared = std::get_if<Shared<T>>(&any);
      return shared ? &**shared : nullptr;
    } else {
      return std::get_if<T>(&any);
    }
  }
  /// The same to change it; what was got before is of the value as it was.
  template <class T>
  T* edit() {
    if constexpr (is_shared<T>) {
      auto* shared = std::get_if<Shared<T>>(&any);
      return shared ? &shared->edit() : nullptr;
    } else {
      return std::get_if<T>(&any);
    }
  }
  /// A list of integers (an empty list too), else nothing.
  std::optional<std::vector<int64_t>> as_ints() const;
  /// An int or a double as double, else nothing.
  std::optional<double> number() const;
  /// Tensors compare by contents, numbers by value and kind.
  bool operator==(const Value& other) const;
  /// As the text form of a graph prints it: true, 3, 0.5, "SAME", float32, [1, 2], {a: 1}, shape [B, 3].
  std::string text() const;

 private:
  template <class T>
  static constexpr bool is_shared =
      std::is_same_v<T, Tensor> || std::is_same_v<T, FunctionRef> || std::is_same_v<T, List> || std::is_same_v<T, Dict>;
};

}  // namespace keraft
