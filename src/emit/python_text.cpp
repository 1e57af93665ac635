#include "emit/python_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "ir/number.h"

namespace keraft::emit {
namespace {

constexpr size_t widest = 88;  // black's
constexpr std::array<std::string_view, 35> keywords{
    "False",  "None",     "True", "and",    "as",   "assert", "async",   "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "for",  "from",   "finally", "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass", "raise",  "return",  "try",    "while", "with",   "yield"};

/// How many characters a line shows.
size_t width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string joined(const std::vector<Expr>& items, const char* between = ", ") {
  std::string out;
  for (const Expr& item : items) out += (out.empty() ? "" : between) + item.flat();
  return out;
}

std::string lists_from(const std::vector<std::string>& elements, const std::vector<int64_t>& dims, size_t axis, size_t& next) {
  if (axis == dims.size()) return elements.at(next++);
  std::string out = "[";
  for (int64_t i = 0; i < dims[axis]; ++i) out += (i ? ", " : "") + lists_from(elements, dims, axis + 1, next);
  return out + "]";
}

}  // namespace

std::string Expr::flat() const {
  return text + open + joined(items, clauses ? " " : ", ") + close +
         (given.empty() ? std::string() : "(" + joined(given) + ")");
}

Expr bracketed(std::string_view text) {
  std::vector<size_t> opened;
  std::vector<std::pair<size_t, size_t>> commas;  // place, depth
  char quote = 0;
  size_t begin = std::string_view::npos;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      opened.push_back(i);
    } else if (c == ',') {
      commas.emplace_back(i, opened.size());
    } else if ((c == ')' || c == ']' || c == '}') && !opened.empty()) {
      if (i + 1 == text.size() && opened.size() == 1) begin = opened.front();
      opened.pop_back();
    }
  }
  if (begin == std::string_view::npos) return plain(std::string(text));
  Expr out{std::string(text.substr(0, begin)), std::string(1, text[begin]), {}, std::string(1, text.back())};
  size_t at = begin + 1;
  const auto item = [&](size_t end) {
    while (at < end && text[at] == ' ') ++at;
    if (at < end) out.items.push_back(bracketed(text.substr(at, end - at)));
    at = end + 1;
  };
  for (const auto& [place, depth] : commas) {
    if (depth == 1 && place > begin) item(place);
  }
  item(text.size() - 1);
  return out;
}

std::string laid_out(const Expr& expr, size_t indent, const std::string& behind) {
  const std::string margin(indent, ' '), line = margin + expr.flat() + behind;
  if (width(line) <= widest || (expr.items.empty() && expr.given.empty())) return line + "\n";
  // The last brackets are broken first, unless what stands before them is too wide itself.
  Expr head = expr;
  head.given.clear();
  const bool last = !expr.given.empty() && width(margin + head.flat() + "(") <= widest;
  const std::vector<Expr>& items = last ? expr.given : expr.items;
  std::string out = margin + (last ? head.flat() + "(" : expr.text + expr.open) + "\n";
  const bool clauses = expr.clauses && !last;
  const std::string inside = margin + "    " + joined(items, clauses ? " " : ", ");
  const bool display = !last && !clauses && (expr.text.empty() || expr.text.back() == ' ' || expr.text.back() == '=');
  if (width(inside) <= widest && !(display && items.size() > 1)) {
    out += inside + "\n";
  } else {
    for (const Expr& item : items) out += laid_out(item, indent + 4, items.size() == 1 || clauses ? "" : ",");
  }
  const std::string end = last ? ")" : expr.close + (expr.given.empty() ? std::string() : "(" + joined(expr.given) + ")");
  return out + margin + end + behind + "\n";
}

std::string number_text(const Value& number) {
  const double* real = number.get<double>();
  if (real && std::isnan(*real)) return "np.nan";
  if (real && std::isinf(*real)) return *real < 0 ? "-np.inf" : "np.inf";
  if (!real || !((std::abs(*real) >= 1e-5 && std::abs(*real) < 1e15) || *real == 0)) return number.text();
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, *real, std::chars_format::fixed).ptr;
  std::string out(text, end);
  if (out.find('.') == std::string::npos) out += ".0";
  const std::string shortest = number.text();
  return *real != 0 && std::abs(*real) < 1e-4 && shortest.size() < out.size() ? shortest : out;
}

std::string float_text(double value) { return number_text(std::isfinite(value) ? ir::shortest(value) : value); }

std::string dtype_text(DType dtype) { return "tf." + std::string(name_of(dtype)); }

std::string nested_lists(const std::vector<std::string>& elements, const std::vector<int64_t>& dims) {
  size_t next = 0;
  return lists_from(elements, dims, 0, next);
}

std::string camel(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) {
      upper = true;
      continue;
    }
    out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return out;
}

std::string identifier(const std::string& name) {
  std::string out;
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out = "_" + out;
  const bool unclear = out == "l" || out == "O" || out == "I";  // linters take them for digits
  if (unclear || std::find(keywords.begin(), keywords.end(), out) != keywords.end()) out += "_";
  return out;
}

std::string free_name(const std::string& wanted, std::set<std::string>& taken) {
  std::string out = wanted;
  for (int number = 2; !taken.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
  return out;
}

std::string quoted(const std::string& text) {
  const bool single = text.find('"') != std::string::npos && text.find('\'') == std::string::npos;
  const char quote = single ? '\'' : '"';
  std::string out(1, quote);
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (code < 0x20 || code == 0x7F) {
      constexpr char digits[] = "0123456789abcdef";
      out += std::string("\\x") + digits[code >> 4] + digits[code & 15];
    } else {
      out += c;
    }
  }
  return out + quote;
}

}  // namespace keraft::emit
