#include "cards/class_names.h"

namespace keraft::cards {
namespace {

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return upper(c) || lower(c); }

/// `tail`: what may follow the capital of a word.
template <class Tail>
std::string snake(std::string_view cls, Tail tail) {
  std::string word;
  for (const char c : cls) {
    if (letter(c) || digit(c) || c == '_') word += c;
  }
  // An underscore before each capital that begins a word; what one match has consumed cannot begin the next.
  std::string parted;
  for (size_t i = 0; i < word.size();) {
    size_t end = i + 2;
    while (end < word.size() && tail(word[end])) ++end;
    if (i + 2 < word.size() && upper(word[i + 1]) && end > i + 2) {
      parted += word[i];
      parted += '_';
      parted += word.substr(i + 1, end - i - 1);
      i = end;
    } else {
      parted += word[i++];
    }
  }
  std::string out;
  for (size_t i = 0; i < parted.size(); ++i) {
    if (i > 0 && lower(parted[i - 1]) && upper(parted[i])) out += '_';
    out += upper(parted[i]) ? static_cast<char>(parted[i] - 'A' + 'a') : parted[i];
  }
  return out;
}

}  // namespace

std::string snake_case(std::string_view cls) { return snake(cls, lower); }

std::string snake_case_keras2(std::string_view cls) {
  return snake(cls, [](char c) { return lower(c) || digit(c); });
}

}  // namespace keraft::cards
