// The value of an attribute of a node or of a key in a layer's config.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "keraft/dtype.hpp"
#include "keraft/held.hpp"
#include "keraft/name.hpp"
#include "keraft/shape.hpp"
#include "keraft/tensor.hpp"

namespace keraft {

struct Value;
using List = std::vector<Value>;

/// Entries by key, in the keys' order. Copies share them until one of them is changed: what looks is const and stays valid
/// until this dict is changed, what changes goes through `edit` or the members that are not const.
class Dict {
 public:
  using Map = std::map<std::string, Value, std::less<>>;
  using key_type = std::string;
  using value_type = std::pair<const std::string, Value>;
  using const_iterator = Map::const_iterator;
  using iterator = const_iterator;
  using node_type = Map::node_type;

  Dict() noexcept;
  Dict(std::initializer_list<value_type> entries);
  Dict(const Dict&) noexcept;
  Dict(Dict&&) noexcept;
  Dict& operator=(const Dict&) noexcept;
  Dict& operator=(Dict&&) noexcept;
  ~Dict();

  bool empty() const noexcept;
  size_t size() const noexcept;
  const_iterator begin() const noexcept;
  const_iterator end() const noexcept;
  const_iterator find(std::string_view key) const;
  bool contains(std::string_view key) const;
  const Value& at(std::string_view key) const;
  bool operator==(const Dict& other) const;

  Map& edit();
  /// The entry, to be changed; null when there is none.
  Value* edit(std::string_view key);
  Value& operator[](std::string_view key);
  template <class... Args>
  auto emplace(Args&&... args) {
    return edit().emplace(std::forward<Args>(args)...);
  }
  template <class... Args>
  auto try_emplace(std::string key, Args&&... args) {
    return edit().try_emplace(std::move(key), std::forward<Args>(args)...);
  }
  template <class T>
  auto insert_or_assign(std::string key, T&& value) {
    return edit().insert_or_assign(std::move(key), std::forward<T>(value));
  }
  template <class... Args>
  auto insert(Args&&... args) {
    return edit().insert(std::forward<Args>(args)...);
  }
  size_t erase(std::string_view key);
  void erase(const_iterator at);
  node_type extract(std::string_view key);
  void clear() noexcept;

 private:
  const Map& map() const noexcept;
  Held<Map> held_;  // null: empty
};

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
                           Shared<FunctionRef>, Shared<List>, Dict>;
  Any any;

  Value() = default;  ///< null
  Value(bool value) : any(value) {}
  Value(int value) : any(static_cast<int64_t>(value)) {}
  Value(int64_t value) : any(value) {}
  Value(double value) : any(value) {}
  Value(const char* value) : any(std::string(value)) {}
  Value(std::string value) : any(std::move(value)) {}
  Value(const Name& value) : any(value.str()) {}
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
  static constexpr bool is_shared = std::is_same_v<T, Tensor> || std::is_same_v<T, FunctionRef> || std::is_same_v<T, List>;
};

inline Dict::Dict() noexcept = default;
inline Dict::Dict(const Dict&) noexcept = default;
inline Dict::Dict(Dict&&) noexcept = default;
inline Dict& Dict::operator=(const Dict&) noexcept = default;
inline Dict& Dict::operator=(Dict&&) noexcept = default;
inline Dict::~Dict() = default;
inline const Dict::Map& Dict::map() const noexcept {
  static const Map none;
  return held_ ? *held_ : none;
}
inline bool Dict::empty() const noexcept { return map().empty(); }
inline size_t Dict::size() const noexcept { return map().size(); }
inline Dict::const_iterator Dict::begin() const noexcept { return map().begin(); }
inline Dict::const_iterator Dict::end() const noexcept { return map().end(); }
inline Dict::const_iterator Dict::find(std::string_view key) const { return map().find(key); }
inline bool Dict::contains(std::string_view key) const { return map().contains(key); }

}  // namespace keraft
