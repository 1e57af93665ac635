#include "emit/patterns.h"

#include <algorithm>
#include <set>

#include "emit/name_tokens.h"

namespace keraft::emit {
namespace {

bool alike(const std::vector<const Pattern*>& values) {
  return std::all_of(values.begin(), values.end(), [&](const Pattern* one) { return *one == *values.front(); });
}

/// The parameters that are found one after the other.
struct Parameters {
  std::vector<Parameter> parameters;
  std::vector<std::vector<Pattern>> given;

  int add(const std::string& key, bool positional, std::vector<Pattern> values) {
    parameters.push_back({key, values.front().kind, positional});
    given.push_back(std::move(values));
    return static_cast<int>(parameters.size()) - 1;
  }

  /// The parameter with these values, a new one if need be.
  int with(const std::string& key, bool positional, std::vector<Pattern> values) {
    for (size_t i = 0; i < given.size(); ++i) {
      if (parameters[i].name == key && given[i] == values) return static_cast<int>(i);
    }
    return add(key, positional, std::move(values));
  }
};

/// A text column, cut into tokens.
struct Name {
  size_t column;
  std::vector<Tokens> runs;
};

/// What stands before the separator and tokens that all runs end with; nothing where a counter stands there.
std::optional<std::vector<Pattern>> heads(const Name& name, size_t& tail) {
  const Tokens& first = name.runs.front();
  tail = first.size();
  for (const Tokens& run : name.runs) {
    size_t same = 0;
    while (same < std::min(tail, run.size()) && run[run.size() - 1 - same] == first[first.size() - 1 - same]) ++same;
    tail = same;
  }
  while (tail > 0 && tail < first.size() && first[first.size() - tail].kind != Token::Kind::separator) --tail;
  std::vector<Pattern> out;
  for (const Tokens& run : name.runs) {
    Pattern head = Pattern::of(std::string());
    for (size_t i = 0; i + tail < run.size(); ++i) {
      if (run[i].kind == Token::Kind::counter) return std::nullopt;
      append(head, run[i].piece);
    }
    out.push_back(std::move(head));
  }
  return out;
}

/// The name is a text and a tail: f"{name}_1_conv".
std::optional<Pattern> with_head(const Name& name, Parameters& into) {
  size_t tail = 0;
  auto values = heads(name, tail);
  if (!values) return std::nullopt;
  Pattern out;
  out.kind = Pattern::Kind::text;
  out.pieces.push_back({{}, into.with("name", false, std::move(*values))});
  const Tokens& first = name.runs.front();
  for (size_t i = first.size() - tail; i < first.size(); ++i) append(out, first[i].piece);
  return out;
}

/// A number that differs from a parameter's by the same amount in all runs is that parameter's.
Piece numbered(std::vector<Pattern> values, Parameters& into) {
  for (size_t i = 0; i < into.given.size(); ++i) {
    if (into.parameters[i].name != "index") continue;
    const std::vector<Pattern>& base = into.given[i];
    const int64_t offset = number_of(values.front()) - number_of(base.front());
    bool same = true;
    for (size_t run = 0; run < values.size() && same; ++run) same = number_of(values[run]) - number_of(base[run]) == offset;
    if (same) return {{}, static_cast<int>(i), 1, offset};
  }
  return {{}, into.add("index", false, std::move(values)), 1, 0};
}

/// Each number that differs is one of its own: f"conv2d_{index}".
std::optional<Pattern> with_numbers(const Name& name, Parameters& into) {
  if (!same_kinds(name.runs)) return std::nullopt;
  Pattern out;
  out.kind = Pattern::Kind::text;
  const Tokens& first = name.runs.front();
  for (size_t i = 0; i < first.size(); ++i) {
    const bool varies = std::any_of(name.runs.begin(), name.runs.end(), [&](const Tokens& run) { return run[i] != first[i]; });
    if (!varies) {
      append(out, first[i].piece);
      continue;
    }
    const bool number = first[i].kind == Token::Kind::number;
    std::vector<Pattern> values;
    for (const Tokens& run : name.runs)
      values.push_back(number ? Pattern::of(integer(run[i].piece.text)) : Pattern::of(run[i].piece.text));
    out.pieces.push_back(number ? numbered(std::move(values), into) : Piece{{}, into.with("label", false, std::move(values))});
  }
  return out;
}

/// Patterns of the names, by the way that takes fewer parameters.
bool unify_names(const std::vector<Name>& names, Parameters& into, std::vector<Pattern>& patterns) {
  struct Way {
    Parameters parameters;
    std::vector<Pattern> patterns;
    bool whole = true;
  } by_head, by_number;
  const auto add = [](Way& way, std::optional<Pattern> pattern) {
    way.whole = way.whole && pattern;
    way.patterns.push_back(pattern ? std::move(*pattern) : Pattern());
  };
  for (const Name& name : names) {
    add(by_head, with_head(name, by_head.parameters));
    auto pattern = with_numbers(name, by_number.parameters);
    add(by_number, pattern ? std::move(pattern) : with_head(name, by_number.parameters));
  }
  if (!by_head.whole && !by_number.whole) return false;
  const bool fewer = by_head.parameters.given.size() <= by_number.parameters.given.size();
  Way& best = by_head.whole && (fewer || !by_number.whole) ? by_head : by_number;
  into = std::move(best.parameters);
  for (size_t i = 0; i < names.size(); ++i) patterns[names[i].column] = std::move(best.patterns[i]);
  return true;
}

size_t distinct(const std::vector<Pattern>& values) {
  std::set<std::string> out;
  for (const Pattern& value : values) out.insert(value.pieces.front().text);
  return out.size();
}

/// values = factor · base for all runs, or 0.
int64_t factor_of(const std::vector<Pattern>& values, const std::vector<Pattern>& base) {
  const int64_t first = number_of(base.front());
  const int64_t factor = first > 0 ? number_of(values.front()) / first : 0;
  for (size_t run = 0; run < values.size() && factor > 0; ++run) {
    const int64_t number = number_of(base[run]);
    if (number <= 0 || number > (int64_t{1} << 40) / factor || number * factor != number_of(values[run])) return 0;
  }
  return std::max<int64_t>(factor, 0);
}

/// Numbers are parameters, or multiples of the smallest of these.
void unify_numbers(const std::vector<Column>& columns, std::vector<size_t> which, Parameters& into,
                   std::vector<Pattern>& patterns) {
  std::stable_sort(which.begin(), which.end(), [&](size_t a, size_t b) {
    return number_of(*columns[a].values.front()) < number_of(*columns[b].values.front());
  });
  const int before = static_cast<int>(into.given.size());
  for (const size_t at : which) {
    std::vector<Pattern> values;
    for (const Pattern* value : columns[at].values) values.push_back(*value);
    if (columns[at].key == "index") {
      patterns[at] = {Pattern::Kind::number, {numbered(std::move(values), into)}};
      continue;
    }
    const bool telling = distinct(values) > 2;
    Piece piece{{}, Piece::literal};
    for (int i = before; i < static_cast<int>(into.given.size()) && piece.variable == Piece::literal; ++i) {
      const auto index = static_cast<size_t>(i);
      if (into.parameters[index].name == "index") continue;
      const bool same_key = into.parameters[index].name == columns[at].key;
      const int64_t factor = same_key || telling ? factor_of(values, into.given[index]) : 0;
      if (factor > 0) piece = {{}, i, factor, 0};
    }
    if (piece.variable == Piece::literal) piece = {{}, into.add(columns[at].key, columns[at].positional, std::move(values))};
    patterns[at] = {Pattern::Kind::number, {piece}};
  }
}

/// A tuple whose numbers are parameters or multiples of them: (1, 1, 4 * filters). Nothing where that takes a new parameter.
std::optional<Pattern> with_known_numbers(const std::vector<Pattern>& values, const Parameters& known) {
  std::vector<Tokens> runs;
  for (const Pattern& value : values) runs.push_back(tokens(value));
  if (!same_kinds(runs) || values.front().pieces.front().text.find_first_not_of("0123456789()[], ") != std::string::npos)
    return std::nullopt;
  Pattern out;
  for (size_t i = 0; i < runs.front().size(); ++i) {
    std::vector<Pattern> numbers;
    for (const Tokens& run : runs) {
      if (run[i] != runs.front()[i] && run[i].kind != Token::Kind::number) return std::nullopt;
      if (run[i].kind == Token::Kind::number) numbers.push_back(Pattern::of(integer(run[i].piece.text)));
    }
    if (numbers.empty() || distinct(numbers) == 1) {
      append(out, runs.front()[i].piece);
      continue;
    }
    Piece piece{{}, Piece::literal};
    for (size_t k = 0; k < known.given.size() && piece.variable == Piece::literal && distinct(numbers) > 2; ++k) {
      const bool counts = known.parameters[k].kind == Pattern::Kind::number && known.parameters[k].name != "index";
      if (const int64_t factor = counts ? factor_of(numbers, known.given[k]) : 0; factor > 0)
        piece = {{}, static_cast<int>(k), factor, 0};
    }
    if (piece.variable == Piece::literal) return std::nullopt;
    out.pieces.push_back(piece);
  }
  return out;
}

void in_order_of_use(Parameters found, Unified& out) {
  std::vector<int> turn(found.parameters.size(), -1);
  for (Pattern& pattern : out.patterns) {
    for (Piece& piece : pattern.pieces) {
      if (piece.variable < 0) continue;
      const auto from = static_cast<size_t>(piece.variable);
      if (turn[from] < 0) {
        turn[from] = static_cast<int>(out.parameters.size());
        out.parameters.push_back(std::move(found.parameters[from]));
        out.given.push_back(std::move(found.given[from]));
      }
      piece.variable = turn[from];
    }
  }
}

}  // namespace

std::optional<Unified> unify(const std::vector<Column>& columns) {
  Unified out;
  Parameters found;
  out.patterns.resize(columns.size());
  std::vector<Name> names;
  std::vector<size_t> numbers, codes;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto& values = columns[i].values;
    const Pattern::Kind kind = values.front()->kind;
    const auto all = [&](auto fits) { return std::all_of(values.begin(), values.end(), fits); };
    const bool same = all([&](const Pattern* value) { return value->kind == kind; });
    if (alike(values)) {
      out.patterns[i] = *values.front();
    } else if (same && kind == Pattern::Kind::text) {
      names.push_back({i, {}});
      for (const Pattern* value : values) names.back().runs.push_back(tokens(*value));
    } else if (!all([](const Pattern* value) { return value->constant() && value->kind != Pattern::Kind::text; })) {
      return std::nullopt;
    } else {
      (same && kind == Pattern::Kind::number ? numbers : codes).push_back(i);
    }
  }
  if (!unify_names(names, found, out.patterns)) return std::nullopt;
  unify_numbers(columns, numbers, found, out.patterns);
  for (const size_t i : codes) {
    std::vector<Pattern> values;
    for (const Pattern* value : columns[i].values)
      values.push_back(value->kind == Pattern::Kind::code ? *value : Pattern::of(plain(value->pieces.front().text)));
    if (auto pattern = with_known_numbers(values, found)) {
      out.patterns[i] = std::move(*pattern);
      continue;
    }
    const int parameter = found.with(columns[i].key, columns[i].positional, std::move(values));
    out.patterns[i] = {Pattern::Kind::code, {{{}, parameter}}};
  }
  in_order_of_use(std::move(found), out);
  return out;
}

}  // namespace keraft::emit
