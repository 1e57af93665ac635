// Tokens of the text form of graphs and of forms.
#pragma once

#include <string>
#include <string_view>

#include "keraft/value.hpp"

namespace keraft::ir {

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { skip(); }

  size_t position() const noexcept { return at_; }
  /// What was taken since that position, without blanks at the end.
  std::string_view since(size_t position) const noexcept;
  bool done() const noexcept { return at_ == text_.size(); }
  char peek() const noexcept { return done() ? '\0' : text_[at_]; }
  /// Takes the character when it is next.
  bool take(char c);
  /// Throws Status::argument when it is not next.
  void expect(char c);
  /// Takes the identifier when it is next.
  bool take_word(std::string_view word);
  /// Letters, digits, "_", "/" and "."; throws when there is none.
  std::string identifier();
  /// null, true, 3, 0.5, "text", [ … ], { … }, a dtype's name, shape [ … ]; throws Status::argument otherwise or deeper
  /// than 32.
  Value value(int depth = 0);
  /// "[B, 3]", or "?" for an unknown rank.
  Shape shape();
  /// Line break since the last token?
  bool new_line() const noexcept { return new_line_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void skip();
  std::string quoted();
  /// Behind "\\u{": the character as UTF-8.
  std::string code_point();
  std::string_view text_;
  size_t at_ = 0;
  bool new_line_ = true;
};

}  // namespace keraft::ir
