#include "transfer/closeness.h"

#include <algorithm>

#include "base/string.h"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

constexpr size_t most_joined = 12;
/// Components at the end of a name that are looked at: a hostile one has thousands.
constexpr size_t most_looked_at = 24;

/// "forward_lstm" for the part "forward_layer", "lstm_cell" for "cell", "query" for "_query_dense".
bool is_part(std::string_view name, std::string_view part) {
  name = public_name(name);
  part = public_name(part);
  if (name == part) return true;
  for (const std::string_view end : {"_layer", "_dense"}) {
    if (part.ends_with(end)) part.remove_suffix(end.size());
  }
  return name == part || name.starts_with(std::string(part) + "_") || name.ends_with("_" + std::string(part));
}

/// The models around the layer and the layer, whose names may have a '/'.
Path head_of(const SlotPlace& place) {
  Path out;
  for (const std::string& one : place.path) {
    for (std::string& component : base::split(one, '/')) out.push_back(std::move(component));
  }
  return out;
}

/// How many components before `end` are `name`: one, or several joined; 0 when none are.
size_t spelled(const Path& scope, size_t end, const std::string& name) {
  std::string text;
  for (size_t count = 1; count <= end && count <= most_joined && text.size() < name.size(); ++count) {
    text = scope[end - count] + (text.empty() ? "" : "_" + text);
    if (text == name) return count;
  }
  return 0;
}

}  // namespace

Closeness closeness(const Path& scope, const SlotPlace& place, bool only_part) {
  const Path head = head_of(place);
  Closeness best;
  for (const std::string& part : place.parts) {
    std::vector<Path> tails;
    if (!part.empty()) tails.push_back(base::split(part, '/'));
    if (part.empty() || only_part) tails.emplace_back();
    // Not all names tell the cell of a layer.
    if (part.ends_with("/cell")) tails.push_back(base::split(part.substr(0, part.size() - 5), '/'));
    for (const Path& tail : tails) {
      if (scope.size() <= tail.size()) continue;
      const size_t own = scope.size() - tail.size();
      if (!std::equal(tail.begin(), tail.end(), scope.begin() + static_cast<std::ptrdiff_t>(own),
                      [](const std::string& wanted, const std::string& name) { return is_part(name, wanted); }))
        continue;
      size_t same = 0, left = head.size();
      for (size_t count = 1; left > 0 && count > 0;) {
        count = spelled(scope, own - same, head[left - 1]);
        same += count;
        left -= count > 0 ? 1 : 0;
      }
      if (same == 0) continue;
      const auto kind = left == 0     ? own == same ? Closeness::whole : Closeness::below_others
                        : own == same ? Closeness::end
                                      : Closeness::layer_alone;
      best = std::max(best, Closeness{kind, same});
    }
  }
  return best;
}

std::vector<std::string> layer_names_in(const Path& scope) {
  std::vector<std::string> out;
  for (size_t end = scope.size(); end > 0 && end + most_looked_at > scope.size(); --end) {
    std::string text;
    for (size_t count = 1; count <= end && count <= most_joined; ++count) {
      text = scope[end - count] + (text.empty() ? "" : "_" + text);
      out.push_back(text);
    }
  }
  return out;
}

std::string layer_name_of(const SlotPlace& place) {
  const Path head = head_of(place);
  return head.empty() ? std::string() : head.back();
}

}  // namespace keraft::transfer
