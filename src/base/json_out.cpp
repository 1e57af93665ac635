#include "base/json_out.h"

#include <cmath>

#include "base/string.h"

namespace keraft::base {
namespace {

/// Bytes of the valid UTF-8 character at the front, 0 when there is none.
size_t character(std::string_view text) {
  for (size_t n = 1; n <= 4 && n <= text.size(); ++n) {
    if (is_utf8(text.substr(0, n))) return n;
  }
  return 0;
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const size_t n = c < 0x80 ? 1 : character(text);
    if (n == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += text.front();
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      constexpr char digits[] = "0123456789abcdef";
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? base::number(value) : "null"; }

void JsonOut::separate() {
  if (after_key_ || levels_.empty()) {
    after_key_ = false;
    return;
  }
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

JsonOut& JsonOut::raw(std::string_view text) {
  separate();
  out_ += text;
  return *this;
}

JsonOut& JsonOut::open(char bracket) {
  separate();
  out_ += bracket;
  levels_.push_back({bracket, true});
  return *this;
}

JsonOut& JsonOut::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) {
    out_ += '\n';
    out_.append(2 * levels_.size(), ' ');
  }
  out_ += level.bracket == '{' ? '}' : ']';
  return *this;
}

JsonOut& JsonOut::key(std::string_view name) {
  separate();
  out_ += json_string(name) + ": ";
  after_key_ = true;
  return *this;
}

JsonOut& JsonOut::integers(const std::vector<int64_t>& values) {
  std::string list = "[";
  for (const int64_t value : values) list += (list.size() > 1 ? ", " : "") + std::to_string(value);
  return raw(list + "]");
}

std::string JsonOut::take() {
  while (!levels_.empty()) close();
  out_ += '\n';
  return std::move(out_);
}

}  // namespace keraft::base
