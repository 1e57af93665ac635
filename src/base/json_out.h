// Writing JSON, piece by piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keraft::base {

/// The text in quotes. Control characters are escaped; bytes that are no UTF-8 become U+FFFD, so that the document always
/// parses.
std::string json_string(std::string_view text);
/// Shortest form that reads back; null for what JSON has no number for (NaN, infinities).
std::string json_number(double value);

/// Commas, indentation and closing brackets in their places. Inside an object every value follows a `key`.
class JsonOut {
 public:
  JsonOut& open(char bracket);  ///< '{' or '['
  JsonOut& close();
  JsonOut& key(std::string_view name);
  JsonOut& text(std::string_view value) { return raw(json_string(value)); }
  JsonOut& number(double value) { return raw(json_number(value)); }
  JsonOut& integer(int64_t value) { return raw(std::to_string(value)); }
  JsonOut& count(uint64_t value) { return raw(std::to_string(value)); }
  JsonOut& flag(bool value) { return raw(value ? "true" : "false"); }
  JsonOut& null() { return raw("null"); }
  /// A list of texts, on one line.
  template <class Texts = std::vector<std::string>>
  JsonOut& texts(const Texts& values) {
    std::string list = "[";
    for (const std::string& value : values) list += (list.size() > 1 ? ", " : "") + json_string(value);
    return raw(list + "]");
  }
  JsonOut& integers(const std::vector<int64_t>& values);
  /// The document, with a line end.
  std::string take();

 private:
  struct Level {
    char bracket;
    bool empty;
  };
  JsonOut& raw(std::string_view text);
  void separate();
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace keraft::base
