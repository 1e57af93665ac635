#include "ir/lexer.h"

#include <cctype>
#include <charconv>
#include <cmath>

#include "keraft/error.hpp"

namespace keraft::ir {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '/' || c == '.'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Of a tensor in the text, which says how many but not which; they are made.
constexpr int64_t most_strings = 1 << 16;

}  // namespace

void Lexer::skip() {
  new_line_ = at_ == 0;
  while (at_ < text_.size() && (std::isspace(static_cast<unsigned char>(text_[at_])) || text_[at_] == '#')) {
    if (text_[at_] == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else {
      new_line_ = new_line_ || text_[at_] == '\n';
      ++at_;
    }
  }
}

void Lexer::fail(const std::string& what) const {
  size_t line = 1, column = 1;
  for (size_t i = 0; i < at_; ++i) {
    if (text_[i] == '\n')
      ++line, column = 1;
    else
      ++column;
  }
  throw Error(Status::argument, what + " at " + std::to_string(line) + ":" + std::to_string(column));
}

std::string_view Lexer::since(size_t position) const noexcept {
  std::string_view out = text_.substr(position, at_ - position);
  while (!out.empty() && std::isspace(static_cast<unsigned char>(out.back()))) out.remove_suffix(1);
  return out;
}

bool Lexer::take(char c) {
  if (done() || text_[at_] != c) return false;
  ++at_;
  skip();
  return true;
}

void Lexer::expect(char c) {
  if (!take(c)) fail(std::string("'") + c + "' expected");
}

bool Lexer::take_word(std::string_view word) {
  const size_t end = at_ + word.size();
  if (text_.substr(at_, word.size()) != word || (end < text_.size() && is_word(text_[end]))) return false;
  at_ = end;
  skip();
  return true;
}

std::string Lexer::identifier() {
  const size_t begin = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  if (at_ == begin) fail("a name expected");
  std::string out(text_.substr(begin, at_ - begin));
  skip();
  return out;
}

std::string Lexer::quoted() {
  std::string out;
  ++at_;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] != '\\') {
      out += text_[at_++];
      continue;
    }
    if (text_.substr(at_, 2) == "\\x" && at_ + 4 <= text_.size()) {
      unsigned byte = 0;
      const char* end = text_.data() + at_ + 4;
      if (std::from_chars(end - 2, end, byte, 16).ptr != end) fail("\\x wants two hexadecimal digits");
      out += static_cast<char>(byte);
      at_ += 4;
    } else if (text_.substr(at_, 3) == "\\u{") {
      at_ += 3;
      out += code_point();
    } else {
      if (at_ + 1 >= text_.size()) fail("text without an end");
      out += text_[at_ + 1];
      at_ += 2;
    }
  }
  if (at_ >= text_.size()) fail("text without an end");
  ++at_;
  skip();
  return out;
}

std::string Lexer::code_point() {
  const size_t end = std::min(text_.find('}', at_), text_.size());
  uint32_t code = 0;
  const char *first = text_.data() + at_, *last = text_.data() + end;
  if (end - at_ > 6 || end == text_.size() || std::from_chars(first, last, code, 16).ptr != last || first == last ||
      code > 0x10FFFF)
    fail("\\u{ wants up to six hexadecimal digits and a }");
  at_ = end + 1;
  const auto byte = [](uint32_t bits) { return static_cast<char>(bits); };
  const auto rest = [&](int shift) { return byte(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), rest(0)};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), rest(6), rest(0)};
  return {byte(0xF0 | code >> 18), rest(12), rest(6), rest(0)};
}

Shape Lexer::shape() {
  if (take('?')) return {};
  expect('[');
  Dims dims;
  while (!take(']')) {
    const size_t begin = at_;
    int depth = 0;
    while (at_ < text_.size() && (depth > 0 || (text_[at_] != ',' && text_[at_] != ']'))) {
      depth += text_[at_] == '(' ? 1 : text_[at_] == ')' ? -1 : 0;
      ++at_;
    }
    const std::string_view text = text_.substr(begin, at_ - begin);
    int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty()) fail("a size expected");
    if (read.ptr == text.data() + text.size() && read.ec == std::errc())
      dims.emplace_back(number);
    else
      dims.push_back(Dim::symbol(std::string(text)));
    skip();
    if (peek() != ']') expect(',');
  }
  return Shape(std::move(dims));
}

Value Lexer::value(int depth) {
  if (depth > 32) fail("values nested too deeply");
  if (peek() == '"') return quoted();
  if (take('[')) {
    List list;
    while (!take(']')) {
      list.push_back(value(depth + 1));
      if (peek() != ']') expect(',');
    }
    return list;
  }
  if (take('{')) {
    Dict dict;
    while (!take('}')) {
      std::string key = identifier();
      expect(':');
      dict[std::move(key)] = value(depth + 1);
      if (peek() != '}') expect(',');
    }
    return dict;
  }
  const size_t begin = at_;
  if (is_digit(peek()) || peek() == '-' || peek() == '.') {
    int64_t whole = 0;
    double real = 0;
    const char *first = text_.data() + at_, *last = text_.data() + text_.size();
    const auto as_real = std::from_chars(first, last, real);
    const auto as_whole = std::from_chars(first, last, whole);
    if (as_real.ec != std::errc()) fail("a number expected");
    const bool is_whole = as_whole.ec == std::errc() && as_whole.ptr == as_real.ptr;
    at_ += static_cast<size_t>(as_real.ptr - first);
    skip();
    return is_whole ? Value(whole) : Value(real);
  }
  const std::string word = identifier();
  if (word == "null") return {};
  if (word == "true") return true;
  if (word == "false") return false;
  if (word == "shape") return shape();
  if (word == "inf") return HUGE_VAL;
  if (word == "tensor") {
    const DType of = dtype_named(identifier());
    const Shape sizes = shape();
    if (!sizes.known()) fail("a tensor's sizes expected");
    std::vector<int64_t> dims = sizes.values();
    if (of == DType::string) {
      const int64_t count = element_count(dims);
      if (count > most_strings) fail("a tensor of too many strings");
      return make_strings(std::move(dims), std::vector<std::string>(static_cast<size_t>(count)));
    }
    if (size_of(of) == 0) fail("the type of a tensor's elements expected");
    return make_splat(of, std::move(dims), std::vector<std::byte>(size_of(of)));
  }
  if (word == "function") {
    if (peek() != '"') fail("a function's name expected");
    return FunctionRef{quoted(), {}};
  }
  const DType dtype = dtype_named(word);
  if (dtype != DType::invalid) return dtype;
  at_ = begin;
  fail("'" + word + "' is no value");
}

}  // namespace keraft::ir
