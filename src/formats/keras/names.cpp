#include "formats/keras/names.h"

#include <algorithm>

namespace keraft::formats {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

std::string Numbered::next(const std::string& name) {
  const int count = used_[name]++;
  return count == 0 ? name : name + "_" + std::to_string(count);
}

bool legal_layer_name(std::string_view name) noexcept {
  const auto inner = [](char c) { return letter(c) || digit(c) || c == '_' || c == '.' || c == '-'; };
  return !name.empty() && name.size() <= 4096 && (letter(name[0]) || digit(name[0])) &&
         std::all_of(name.begin(), name.end(), inner) && name != "top_level_model_weights";
}

}  // namespace keraft::formats
