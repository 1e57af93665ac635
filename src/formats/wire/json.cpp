#include "formats/wire/json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

using Json = nlohmann::json;

class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(base::Budget& budget, const Place& place) : budget_(budget), place_(place) {}

  Value take() { return std::move(root_); }

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(INT64_MAX)) fail(Status::format, "an integer does not fit 64 bits");
    return put(static_cast<int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override {
    budget_.bytes(value.size());
    return put(std::move(value));
  }
  bool binary(binary_t&) override { fail(Status::format, "binary value"); }

  bool start_object(size_t) override { return open(Dict{}); }
  bool start_array(size_t) override { return open(List{}); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    budget_.bytes(value.size());
    keys_.back() = std::move(value);
    return true;
  }
  bool parse_error(size_t position, const std::string&, const Json::exception& error) override {
    fail(Status::format, "not valid JSON at byte " + std::to_string(position) + ": " + base::escaped(error.what()));
  }

 private:
  [[noreturn]] void fail(Status status, const std::string& what) { throw Error(status, what, place_); }

  bool put(Value value) {
    budget_.bytes(sizeof(Value));
    add(std::move(value));
    return true;
  }

  Value& add(Value value) {
    if (open_.empty()) return root_ = std::move(value);
    if (auto* list = open_.back()->edit<List>()) return list->emplace_back(std::move(value));
    const auto [at, fresh] = open_.back()->edit<Dict>()->try_emplace(keys_.back(), std::move(value));
    if (!fresh) fail(Status::format, "the JSON key \"" + base::escaped(keys_.back()) + "\" stands twice in one object");
    return at->second;
  }

  // The addresses in open_ stay valid: an element is added to a list only while that list is the innermost open one.
  bool open(Value value) {
    budget_.bytes(sizeof(Value));
    if (static_cast<int>(open_.size()) >= budget_.max_depth())
      fail(Status::memory, "JSON nested too deep; the limit is in Limits::depth");
    Value& added = add(std::move(value));
    open_.push_back(&added);
    keys_.emplace_back();
    return true;
  }

  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  base::Budget& budget_;
  const Place& place_;
  Value root_;
  std::vector<Value*> open_;
  std::vector<std::string> keys_;
};

/// Text and numbers as nlohmann prints them; lists and dicts without a second tree of them in between.
struct Printer {
  std::string& out;

  void scalar(const Json& value) const { out += value.dump(-1, ' ', true); }
  template <class T>
  void operator()(const Shared<T>& value) const {
    (*this)(*value);
  }
  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(int64_t value) const { scalar(value); }
  void operator()(double value) const {
    if (!std::isfinite(value)) throw Error(Status::unsupported, "JSON cannot hold NaN or infinity");
    scalar(value);
  }
  void operator()(const std::string& value) const { scalar(value); }
  void operator()(DType value) const { scalar(std::string(name_of(value))); }
  void operator()(const Shape& value) const {
    if (!value.has_rank()) return (*this)(std::monostate());
    each('[', ']', value.dims(), [&](const Dim& dim) { dim.known() ? (*this)(dim.value()) : (*this)(std::monostate()); });
  }
  void operator()(const Tensor&) const { throw Error(Status::unsupported, "a tensor cannot stand in a layer's config"); }
  void operator()(const FunctionRef&) const { throw Error(Status::unsupported, "a function cannot stand in a layer's config"); }
  void operator()(const List& value) const {
    each('[', ']', value, [&](const Value& element) { print(element); });
  }
  void operator()(const Dict& value) const {
    each('{', '}', value, [&](const auto& entry) {
      key(entry.first);
      print(entry.second);
    });
  }
  void print(const Value& value) const { std::visit(*this, value.any); }
  void key(const std::string& name) const {
    scalar(name);
    out += ':';
  }

  template <class Elements, class Print>
  void each(char begin, char end, const Elements& elements, Print one) const {
    out += begin;
    bool first = true;
    for (const auto& element : elements) {
      if (!first) out += ',';
      first = false;
      one(element);
    }
    out += end;
  }
};

template <class Print>
std::string printed(Print print) {
  std::string out;
  try {
    print(Printer{out});
  } catch (const Json::exception& error) {
    throw Error(Status::format,
                std::string("text that is not UTF-8 cannot be written as JSON: ") + base::escaped(error.what()));
  }
  return out;
}

}  // namespace

Value parse_json(std::string_view text, base::Budget& budget, const Place& place) {
  Builder builder(budget, place);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

std::string print_json(const Value& value) {
  return printed([&](const Printer& to) { to.print(value); });
}

std::string print_json(const Dict& dict, const std::string& key, std::string_view text) {
  std::map<std::string_view, const Value*> entries{{key, nullptr}};
  for (const auto& [name, value] : dict) entries[name] = &value;
  return printed([&](const Printer& to) {
    to.each('{', '}', entries, [&](const auto& entry) {
      to.key(std::string(entry.first));
      entry.first == key ? void(to.out += text) : to.print(*entry.second);
    });
  });
}

}  // namespace keraft::formats::wire
