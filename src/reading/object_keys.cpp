#include "reading/object_keys.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace keraft::reading {

using formats::wire::Object;
using formats::wire::ObjectGraph;

std::map<int, std::string> object_keys(const ObjectGraph& saved_graph, const ObjectGraph& stored) {
  std::map<int, std::string> keys;
  if (stored.nodes.empty() || saved_graph.nodes.empty()) return keys;
  std::set<std::pair<int, int>> seen{{0, 0}};
  std::vector<std::pair<int, int>> open{{0, 0}};
  while (!open.empty()) {
    const auto [saved, kept] = open.back();
    open.pop_back();
    const Object& object = stored.nodes[static_cast<size_t>(kept)];
    if (!object.checkpoint_key.empty()) keys.emplace(saved, object.checkpoint_key);
    std::map<std::string_view, int> children;
    for (const auto& [name, child] : object.children) children.emplace(name, child);
    for (const auto& [name, child] : saved_graph.nodes[static_cast<size_t>(saved)].children) {
      const auto found = children.find(name);
      if (found == children.end()) continue;
      // One partner for each object is enough; a second would only be another path to it.
      if (seen.emplace(child, found->second).second && seen.size() < 4 * (stored.nodes.size() + saved_graph.nodes.size()))
        open.emplace_back(child, found->second);
    }
  }
  return keys;
}

}  // namespace keraft::reading
