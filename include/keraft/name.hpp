// Names that many places hold: of nodes, ops, classes.
#pragma once

#include <compare>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "keraft/held.hpp"

namespace keraft {

/// Text that does not change; copies share it and take the place of a pointer. Reads like a const std::string.
class Name {
 public:
  static constexpr size_t npos = std::string::npos;

  Name() = default;  ///< empty
  Name(std::string text) {
    if (!text.empty()) held_ = Held<const std::string>::make(std::move(text));
  }
  Name(const char* text) : Name(std::string(text)) {}
  Name(std::string_view text) : Name(std::string(text)) {}

  const std::string& str() const noexcept {
    static const std::string none;
    return held_ ? *held_ : none;
  }
  operator const std::string&() const noexcept { return str(); }
  operator std::string_view() const noexcept { return str(); }

  bool empty() const noexcept { return !held_; }
  size_t size() const noexcept { return str().size(); }
  const char* c_str() const noexcept { return str().c_str(); }
  const char* data() const noexcept { return str().data(); }
  auto begin() const noexcept { return str().begin(); }
  auto end() const noexcept { return str().end(); }
  char operator[](size_t i) const noexcept { return str()[i]; }
  char front() const { return str().front(); }
  char back() const { return str().back(); }
  bool starts_with(std::string_view text) const noexcept { return str().starts_with(text); }
  bool starts_with(char c) const noexcept { return str().starts_with(c); }
  bool ends_with(std::string_view text) const noexcept { return str().ends_with(text); }
  bool ends_with(char c) const noexcept { return str().ends_with(c); }
  size_t find(std::string_view text, size_t from = 0) const noexcept { return str().find(text, from); }
  size_t find(char c, size_t from = 0) const noexcept { return str().find(c, from); }
  size_t rfind(std::string_view text, size_t from = npos) const noexcept { return str().rfind(text, from); }
  size_t rfind(char c, size_t from = npos) const noexcept { return str().rfind(c, from); }
  std::string substr(size_t from, size_t count = npos) const { return str().substr(from, count); }
  int compare(size_t from, size_t count, std::string_view text) const { return str().compare(from, count, text); }
  Name& operator+=(std::string_view more) { return *this = Name(str() + std::string(more)); }

  bool operator==(const Name& other) const noexcept { return held_ == other.held_ || str() == other.str(); }
  bool operator==(std::string_view text) const noexcept { return str() == text; }
  bool operator==(const std::string& text) const noexcept { return str() == text; }
  bool operator==(const char* text) const noexcept { return str() == text; }
  std::strong_ordering operator<=>(const Name& other) const noexcept { return str() <=> other.str(); }
  std::strong_ordering operator<=>(std::string_view text) const noexcept { return std::string_view(str()) <=> text; }
  std::strong_ordering operator<=>(const std::string& text) const noexcept { return str() <=> text; }
  std::strong_ordering operator<=>(const char* text) const noexcept {
    return std::string_view(str()) <=> std::string_view(text);
  }

  friend std::string operator+(const Name& a, const Name& b) { return a.str() + b.str(); }
  friend std::string operator+(const Name& a, const std::string& b) { return a.str() + b; }
  friend std::string operator+(const Name& a, const char* b) { return a.str() + b; }
  friend std::string operator+(const Name& a, char b) { return a.str() + b; }
  friend std::string operator+(const std::string& a, const Name& b) { return a + b.str(); }
  friend std::string operator+(std::string&& a, const Name& b) { return std::move(a) + b.str(); }
  friend std::string operator+(const char* a, const Name& b) { return a + b.str(); }
  friend std::string operator+(char a, const Name& b) { return a + b.str(); }
  friend std::ostream& operator<<(std::ostream& out, const Name& name) { return out << name.str(); }

 private:
  Held<const std::string> held_;
};

}  // namespace keraft
