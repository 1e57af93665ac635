#include "emit/progress.h"

#include "emit/name_tokens.h"

namespace keraft::emit {
namespace {

/// Patterns that a counter describes, made from two values that follow each other. The first of them is the counter, if it
/// `may_count`.
std::optional<Pattern> counted(const Pattern& first, const Pattern& second, bool may_count, Progress& counter, bool& known) {
  if (first == second) return first;
  if (first.kind != second.kind || !first.constant() || !second.constant()) return std::nullopt;
  if (first.kind == Pattern::Kind::number) {
    const int64_t from = number_of(first), slope = number_of(second) - from;
    if (!known && may_count && slope > 0) counter.first = from, counter.step = slope, known = true;
    if (!known || counter.first <= 0) return std::nullopt;
    if (slope == counter.step) return Pattern{first.kind, {{{}, Piece::counter, 1, from - counter.first}}};
    const int64_t factor = from / counter.first;
    if (factor < 2 || factor * counter.first != from || factor * counter.step != slope) return std::nullopt;
    return Pattern{first.kind, {{{}, Piece::counter, factor, 0}}};
  }
  const std::vector<Tokens> runs{tokens(first), tokens(second)};
  if (first.kind != Pattern::Kind::text || !same_kinds(runs)) return std::nullopt;
  Pattern out{first.kind, {}};
  for (size_t i = 0; i < runs[0].size(); ++i) {
    const Token &a = runs[0][i], &b = runs[1][i];
    if (a == b) {
      append(out, a.piece);
      continue;
    }
    if (a.kind != Token::Kind::number) return std::nullopt;
    const int64_t from = integer(a.piece.text), slope = integer(b.piece.text) - from;
    if (slope <= 0 || (known && slope != counter.step)) return std::nullopt;
    if (!known) counter.first = from, counter.step = slope, known = true;
    out.pieces.push_back({{}, Piece::counter, 1, from - counter.first});
  }
  return out;
}

/// Is the pattern this value when the counter is `at`?
bool is_at(const Pattern& pattern, int64_t at, const Pattern& value) {
  if (!pattern.counts()) return pattern == value;
  std::string text;
  for (const Piece& piece : pattern.pieces)
    text += piece.variable == Piece::literal ? piece.text : std::to_string(piece.factor * at + piece.offset);
  return value.kind == pattern.kind && value.constant() && value.pieces.front().text == text;
}

}  // namespace

Progress progress(const std::vector<Column>& columns, size_t runs) {
  Progress out;
  bool known = false;
  out.patterns.resize(columns.size());
  // Names and their numbers first: they say what is counted.
  for (const bool names : {true, false}) {
    for (size_t i = 0; i < columns.size(); ++i) {
      const bool named = columns[i].values[0]->kind == Pattern::Kind::text || columns[i].key == "index";
      if (named != names) continue;
      auto pattern = counted(*columns[i].values[0], *columns[i].values[1], named, out, known);
      if (!pattern) return out;
      out.patterns[i] = std::move(*pattern);
    }
  }
  for (out.length = 2; out.length < runs; ++out.length) {
    const int64_t at = out.first + static_cast<int64_t>(out.length) * out.step;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (!is_at(out.patterns[i], at, *columns[i].values[out.length])) return out;
    }
  }
  return out;
}

}  // namespace keraft::emit
