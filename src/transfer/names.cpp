#include "transfer/names.h"

#include <algorithm>
#include <iterator>

#include "base/string.h"
#include "cards/class_names.h"
#include "formats/checkpoint/checkpoint.h"
#include "keraft/error.hpp"

namespace keraft::transfer {
namespace {

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool begins(const Path& path, const Path& with) {
  return path.size() > with.size() && std::equal(with.begin(), with.end(), path.begin());
}

template <class Keep>
void filter(std::vector<size_t>& order, const std::vector<size_t>& moved_to, Keep keep) {
  std::vector<size_t> out;
  for (const size_t index : order) {
    if (keep(index)) out.push_back(moved_to[index]);
  }
  order = std::move(out);
}

}  // namespace

Path path_of(std::string_view name) {
  if (name.ends_with(formats::object_value)) name.remove_suffix(formats::object_value.size());
  if (const size_t port = name.rfind(':'); port != std::string_view::npos && is_number(name.substr(port + 1)))
    name = name.substr(0, port);
  const char separator = name.find('/') == std::string_view::npos ? '.' : '/';
  Path out;
  for (std::string& part : base::split(name, separator)) {
    if (!part.empty()) out.push_back(std::move(part));
  }
  return out;
}

std::string joined(const Path& path) { return base::join(path, "/"); }

std::vector<std::string_view> other_spellings(std::string_view slot) {
  if (slot == "gamma" || slot == "alpha") return {"weight"};
  if (slot == "beta") return {"bias"};
  if (slot == "moving_mean") return {"running_mean", "pop_mean"};
  if (slot == "moving_variance") return {"running_var", "pop_var", "var"};
  if (slot == "embeddings") return {"embedding", "embedding_weights", "weight"};
  return {};
}

std::string_view public_name(std::string_view leaf) { return leaf.starts_with('_') ? leaf.substr(1) : leaf; }

bool is_nameless(std::string_view leaf) { return is_number(leaf); }

bool is_automatic(std::string_view name, std::string_view cls) {
  for (const std::string& base : {cards::snake_case(cls), cards::snake_case_keras2(cls)}) {
    if (name == base) return true;
    if (name.starts_with(base + "_") && name.size() > base.size() + 1 && is_number(name.substr(base.size() + 1))) return true;
  }
  return false;
}

void keep_below(Source& source, const std::string& prefix) {
  const Path wanted = path_of(prefix);
  if (wanted.empty()) return;
  std::vector<size_t> moved_to(source.weights.size());
  std::vector<bool> kept(source.weights.size());
  std::vector<Stored> out;
  for (size_t i = 0; i < source.weights.size(); ++i) {
    Stored& one = source.weights[i];
    for (Path& path : one.paths) {
      if (!begins(path, wanted)) continue;
      path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(wanted.size()));
      kept[i] = true;
    }
    moved_to[i] = out.size();
    if (kept[i])
      out.push_back(std::move(one));
    else
      source.set_aside.push_back(one.key);
  }
  if (out.empty())
    throw Error(Status::argument, "no weight has a name below the prefix '" + base::escaped(prefix) + "'",
                {source.path, {}, {}});
  source.weights = std::move(out);
  for (auto* order : {&source.nested, &source.flat}) filter(*order, moved_to, [&](size_t index) { return kept[index]; });
}

void rename(Source& source, const std::vector<std::pair<std::string, std::string>>& rules) {
  for (const auto& [from, to] : rules) {
    const Path old = path_of(from), fresh = path_of(to);
    bool used = false;
    for (Stored& one : source.weights) {
      for (Path& path : one.paths) {
        const auto at = old.empty() ? path.end() : std::search(path.begin(), path.end(), old.begin(), old.end());
        if (at == path.end()) continue;
        used = true;
        const auto next = path.erase(at, at + static_cast<std::ptrdiff_t>(old.size()));
        path.insert(next, fresh.begin(), fresh.end());
      }
    }
    if (!used)
      throw Error(Status::argument, "no weight has '" + base::escaped(from) + "' in its name, which is to be renamed",
                  {source.path, {}, {}});
  }
}

}  // namespace keraft::transfer
