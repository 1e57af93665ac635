#include "emit/name_tokens.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace keraft::emit {
namespace {

/// Digits are a number if they are how the number is written.
bool is_number(std::string_view digits) { return digits.size() <= 9 && (digits.size() == 1 || digits[0] != '0'); }

Token::Kind kind_of(char c) {
  if (std::isdigit(static_cast<unsigned char>(c))) return Token::Kind::number;
  return std::string_view("_-/.: ").find(c) == std::string_view::npos ? Token::Kind::word : Token::Kind::separator;
}

}  // namespace

Tokens tokens(const Pattern& pattern) {
  Tokens out;
  for (const Piece& piece : pattern.pieces) {
    if (piece.variable != Piece::literal) out.push_back({Token::Kind::counter, piece});
    for (size_t at = 0, end = 0; at < piece.text.size(); at = end) {
      Token::Kind kind = kind_of(piece.text[at]);
      while (end < piece.text.size() && kind_of(piece.text[end]) == kind) ++end;
      const std::string text = piece.text.substr(at, end - at);
      if (kind == Token::Kind::number && !is_number(text)) kind = Token::Kind::word;
      out.push_back({kind, {text}});
    }
  }
  return out;
}

bool same_kinds(const std::vector<Tokens>& runs) {
  const Tokens& first = runs.front();
  return std::all_of(runs.begin(), runs.end(), [&](const Tokens& run) {
    return std::equal(run.begin(), run.end(), first.begin(), first.end(), [](const Token& a, const Token& b) {
      return a.kind == b.kind && (a.kind != Token::Kind::counter || a == b);
    });
  });
}

uint64_t name_shape(const Pattern& name) {
  uint64_t out = 1;
  for (const Token& token : tokens(name)) out = out * 31 + static_cast<uint64_t>(token.kind);
  return out;
}

bool is_plain_name(const std::string& name) {
  return std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || std::string_view("\"'\\{}").find(c) != std::string_view::npos;
  });
}

int64_t integer(const std::string& digits) {
  int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

}  // namespace keraft::emit
