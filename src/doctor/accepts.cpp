#include "doctor/accepts.h"

#include <algorithm>
#include <iterator>

#include "base/string.h"

namespace keraft::doctor {
namespace {

struct Row {
  std::string_view name, there, keys;
};

// Sorted by name.
constexpr Row rows[] = {
#include "doctor/accepts.inc"
};

constexpr const char* base_layer = "layers/Layer";

}  // namespace

const Symbol* Accepts::find(const std::string& name) {
  if (const auto known = known_.find(name); known != known_.end()) return &known->second;
  const auto* row = std::lower_bound(std::begin(rows), std::end(rows), name,
                                     [](const Row& one, const std::string& wanted) { return one.name < wanted; });
  if (row == std::end(rows) || row->name != name) return nullptr;
  Symbol out;
  out.there = versions(row->there);
  for (const std::string& word : base::split(std::string(row->keys), ' ')) {
    const size_t colon = word.find(':');
    const std::string key = word.substr(0, colon);
    const Versions when =
        colon == std::string::npos ? out.there : versions(std::string_view(word).substr(colon + 1)) & out.there;
    if (key == "*") {
      out.anything = when;
    } else if (key == "+") {
      const Symbol& base = *find(base_layer);
      for (const auto& [inherited, in] : base.keys) out.keys[inherited] |= in & when;
    } else if (!key.empty()) {
      out.keys[key] |= when;
    }
  }
  return &known_.emplace(name, std::move(out)).first->second;
}

}  // namespace keraft::doctor
