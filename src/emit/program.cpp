#include "emit/program.h"

#include <algorithm>
#include <numeric>

#include "emit/name_tokens.h"

namespace keraft::emit {
namespace {

Pattern one_piece(Pattern::Kind kind, std::string text) {
  Pattern out;
  out.kind = kind;
  out.pieces.push_back({std::move(text)});
  return out;
}

}  // namespace

bool Pattern::constant() const {
  return std::all_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.variable == Piece::literal; });
}

bool Pattern::counts() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.variable == Piece::counter; });
}

Pattern Pattern::of(Expr code) {
  Pattern out = one_piece(Kind::code, code.flat());
  out.code = std::move(code);
  return out;
}

Pattern Pattern::of(int64_t number) { return one_piece(Kind::number, std::to_string(number)); }

Pattern Pattern::of(std::string text) { return one_piece(Kind::text, std::move(text)); }

int64_t number_of(const Pattern& pattern) { return integer(pattern.pieces.front().text); }

void append(Pattern& pattern, const Piece& piece) {
  const bool joins =
      piece.variable == Piece::literal && !pattern.pieces.empty() && pattern.pieces.back().variable == Piece::literal;
  if (joins) {
    pattern.pieces.back().text += piece.text;
  } else {
    pattern.pieces.push_back(piece);
  }
}

const std::set<std::string>& module_names() {
  static const std::set<std::string> names{"x", "keras", "layers", "np", "ops", "pathlib", "model", "build_model", "load"};
  return names;
}

std::vector<size_t> Function::in_order() const {
  std::vector<size_t> out(parameters.size());
  std::iota(out.begin(), out.end(), size_t{0});
  const auto turn = [&](size_t i) {
    if (parameters[i].otherwise) return 3;
    return parameters[i].positional ? 0 : (parameters[i].kind == Pattern::Kind::text ? 2 : 1);
  };
  std::stable_sort(out.begin(), out.end(), [&](size_t a, size_t b) { return turn(a) < turn(b); });
  return out;
}

}  // namespace keraft::emit
