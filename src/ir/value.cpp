#include "keraft/value.hpp"

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft {

Dict::Dict(std::initializer_list<value_type> entries) {
  if (entries.size()) held_ = Held<Map>::make(entries);
}

const Value& Dict::at(std::string_view key) const {
  const auto found = find(key);
  if (found == end()) throw Error(Status::internal, "no entry " + base::escaped(key));
  return found->second;
}

bool Dict::operator==(const Dict& other) const { return held_ == other.held_ || map() == other.map(); }

Dict::Map& Dict::edit() {
  if (!held_.alone()) held_ = Held<Map>::make(map());
  return *held_;
}

Value* Dict::edit(std::string_view key) { return contains(key) ? &edit().find(key)->second : nullptr; }

Value& Dict::operator[](std::string_view key) {
  Map& entries = edit();
  const auto found = entries.find(key);
  return found == entries.end() ? entries.emplace(std::string(key), Value()).first->second : found->second;
}

size_t Dict::erase(std::string_view key) {
  if (!contains(key)) return 0;
  Map& entries = edit();
  entries.erase(entries.find(key));
  return 1;
}

void Dict::erase(const_iterator at) {
  const std::string key = at->first;  // of these entries, or of those that were shared until now
  erase(std::string_view(key));
}

Dict::node_type Dict::extract(std::string_view key) {
  if (!contains(key)) return {};
  Map& entries = edit();
  return entries.extract(entries.find(key));
}

void Dict::clear() noexcept { held_ = {}; }

Value Value::ints(const std::vector<int64_t>& values) { return Value(List(values.begin(), values.end())); }

std::optional<std::vector<int64_t>> Value::as_ints() const {
  const List* list = get<List>();
  if (!list) return std::nullopt;
  std::vector<int64_t> out;
  for (const Value& value : *list) {
    const int64_t* number = value.get<int64_t>();
    if (!number) return std::nullopt;
    out.push_back(*number);
  }
  return out;
}

std::optional<double> Value::number() const {
  if (const auto* whole = get<int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = get<double>()) return *real;
  return std::nullopt;
}

bool FunctionRef::operator==(const FunctionRef& other) const { return name == other.name && attrs == other.attrs; }

bool Value::operator==(const Value& other) const {
  if (any.index() != other.any.index()) return false;
  if (const Tensor* tensor = get<Tensor>()) return same_contents(*tensor, *other.get<Tensor>());
  return std::visit(
      [&](const auto& mine) {
        using T = std::decay_t<decltype(mine)>;
        if constexpr (std::is_same_v<T, Shared<Tensor>>)
          return true;
        else
          return mine == std::get<T>(other.any);
      },
      any);
}

namespace {

struct ValuePrinter {
  template <class T>
  std::string operator()(const Shared<T>& value) const {
    return (*this)(*value);
  }
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return base::number(value); }
  std::string operator()(const std::string& value) const { return "\"" + base::escaped(value, value.size() * 8 + 8) + "\""; }
  std::string operator()(DType value) const { return std::string(name_of(value)); }
  std::string operator()(const Shape& value) const { return "shape " + value.text(); }
  std::string operator()(const Tensor& value) const {
    return "tensor " + std::string(name_of(value.dtype)) + Shape::of(value.dims).text();
  }
  std::string operator()(const FunctionRef& value) const { return "function \"" + base::escaped(value.name) + "\""; }
  std::string operator()(const List& value) const {
    std::string out = "[";
    for (size_t i = 0; i < value.size(); ++i) out += (i ? ", " : "") + value[i].text();
    return out + "]";
  }
  std::string operator()(const Dict& value) const {
    std::string out = "{";
    for (const auto& [key, entry] : value) out += (out.size() > 1 ? ", " : "") + base::escaped(key) + ": " + entry.text();
    return out + "}";
  }
};

}  // namespace

std::string Value::text() const { return std::visit(ValuePrinter{}, any); }

}  // namespace keraft
