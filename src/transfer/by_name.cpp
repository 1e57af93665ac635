#include <algorithm>
#include <map>
#include <set>

#include "base/string.h"
#include "keraft/error.hpp"
#include "transfer/closeness.h"
#include "transfer/match.h"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

using Indexes = std::vector<size_t>;

constexpr size_t most_told = 20;

/// Weights whose names differ in the leaf alone.
struct Scope {
  Path path;
  std::vector<std::pair<size_t, std::string>> weights;  ///< index, leaf
};

std::vector<Scope> scopes_of(const Source& source) {
  std::map<Path, Scope> all;
  for (size_t i = 0; i < source.weights.size(); ++i) {
    for (const Path& path : source.weights[i].paths) {
      if (path.empty()) continue;
      const Path above(path.begin(), path.end() - 1);
      Scope& scope = all[above];
      scope.path = above;
      if (scope.weights.empty() || scope.weights.back().first != i) scope.weights.emplace_back(i, path.back());
    }
  }
  std::vector<Scope> out;
  for (auto& [path, scope] : all) out.push_back(std::move(scope));
  return out;
}

class ByName {
 public:
  ByName(const Source& source, const Target& target, const TransferOptions& options, Pairing& out)
      : source_(source), target_(target), options_(options), out_(out), scopes_(scopes_of(source)) {
    Indexes all(target.places.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    parts_ = parts_of(target, all);
    for (const Indexes& part : parts_) ++parts_in_[target.places[part.front()].layer];
  }

  void run() {
    std::map<std::string, Indexes, std::less<>> by_layer;
    for (size_t i = 0; i < scopes_.size(); ++i) {
      for (std::string& name : layer_names_in(scopes_[i].path)) {
        Indexes& known = by_layer[std::move(name)];
        if (known.empty() || known.back() != i) known.push_back(i);
      }
    }
    std::vector<std::map<Closeness, Indexes>> near(parts_.size());
    std::set<Closeness, std::greater<>> levels;
    for (size_t part = 0; part < parts_.size(); ++part) {
      const SlotPlace& place = target_.places[parts_[part].front()];
      const auto candidates = by_layer.find(layer_name_of(place));
      if (candidates == by_layer.end()) continue;
      for (const size_t scope : candidates->second) {
        const Closeness level = closeness(scopes_[scope].path, place, parts_in_[place.layer] == 1);
        if (level.kind == Closeness::none) continue;
        near[part][level].push_back(scope);
        levels.insert(level);
      }
    }
    for (const Closeness& level : levels) settle(level, near);
  }

  void rest() {
    std::vector<Indexes> candidates(parts_.size());
    const auto by_sizes = scopes_by_sizes();
    for (size_t part = 0; part < parts_.size(); ++part) {
      if (!open(part)) continue;
      const auto alike = by_sizes.find(sorted(target_.places[parts_[part].front()].dims));
      if (alike == by_sizes.end()) continue;
      for (const size_t scope : alike->second) {
        if (fits_all(part, scope)) candidates[part].push_back(scope);
        if (candidates[part].size() > most_told) break;
      }
      drop_doubles(candidates[part], part);
      if (candidates[part].size() > 1)
        ambiguous(part, candidates[part], "several weights have its sizes, and no name tells which");
    }
    refuse_contested(candidates);
    for (size_t part = 0; part < parts_.size(); ++part) {
      if (!candidates[part].empty()) take(part, candidates[part].front(), "nothing else has these sizes and roles");
    }
  }

 private:
  /// Whatever the order of the axes.
  static std::vector<int64_t> sorted(std::vector<int64_t> dims) {
    std::sort(dims.begin(), dims.end());
    return dims;
  }

  std::map<std::vector<int64_t>, Indexes> scopes_by_sizes() const {
    std::map<std::vector<int64_t>, Indexes> out;
    for (size_t scope = 0; scope < scopes_.size(); ++scope) {
      for (const auto& [stored, leaf] : scopes_[scope].weights) {
        if (out_.place[stored] != nowhere) continue;
        Indexes& alike = out[sorted(source_.weights[stored].value.dims)];
        if (alike.empty() || alike.back() != scope) alike.push_back(scope);
      }
    }
    return out;
  }

  bool clashing(size_t part) const {
    return std::any_of(parts_[part].begin(), parts_[part].end(), [&](size_t place) { return out_.clashes.contains(place); });
  }
  bool open(size_t part) const {
    return !clashing(part) &&
           std::all_of(parts_[part].begin(), parts_[part].end(), [&](size_t place) { return out_.stored[place] == nowhere; });
  }

  /// What each place of a part takes of a scope, or nowhere; `clash` gets those of another size.
  Indexes assigned(size_t part, size_t scope, std::map<size_t, std::string>* clash) const {
    const auto& weights = scopes_[scope].weights;
    const bool nameless = std::all_of(weights.begin(), weights.end(), [](const auto& one) { return is_nameless(one.second); });
    Indexes out;
    for (size_t i = 0; i < parts_[part].size(); ++i) {
      const size_t index = parts_[part][i];
      const SlotPlace& place = target_.places[index];
      Indexes fitting, exact;
      for (const auto& [stored, leaf] : weights) {
        if (out_.place[stored] != nowhere) continue;
        const bool numbered = weights.size() == parts_[part].size() && (leaf == std::to_string(i) || weights.size() == 1);
        if (nameless ? !numbered : !names(leaf, place)) continue;
        const Tensor& value = source_.weights[stored].value;
        if (fit(value, place, options_.layout)) {
          fitting.push_back(stored);
          if (leaf == place.own) exact.push_back(stored);
        } else if (clash) {
          (*clash)[index] =
              "'" + base::escaped(source_.weights[stored].key) + "' of its name is " + described(value.dtype, value.dims);
        }
      }
      if (fitting.size() > 1 && exact.size() != 1 && clash) same_name(place, fitting);
      out.push_back(fitting.size() == 1 ? fitting.front() : exact.size() == 1 ? exact.front() : nowhere);
    }
    return out;
  }

  bool fits_all(size_t part, size_t scope) const {
    const Indexes all = assigned(part, scope, nullptr);
    return std::none_of(all.begin(), all.end(), [](size_t one) { return one == nowhere; }) &&
           std::set<size_t>(all.begin(), all.end()).size() == all.size();
  }

  void take(size_t part, size_t scope, const std::string& why) {
    const Indexes all = assigned(part, scope, nullptr);
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i] != nowhere && out_.place[all[i]] == nowhere && out_.stored[parts_[part][i]] == nowhere)
        out_.pair(all[i], parts_[part][i], why);
    }
  }

  /// `candidates`: one or none for each part. No weight is for two of them.
  void refuse_contested(const std::vector<Indexes>& candidates) const {
    std::map<size_t, Indexes> wanted_by;
    for (size_t part = 0; part < parts_.size(); ++part) {
      if (candidates[part].empty()) continue;
      for (const size_t stored : assigned(part, candidates[part].front(), nullptr)) {
        if (stored != nowhere) wanted_by[stored].push_back(part);
      }
    }
    for (const auto& [stored, parts] : wanted_by) {
      if (parts.size() > 1) contested(candidates[parts.front()].front(), parts);
    }
  }

  /// Two names of the same weights are one candidate.
  void drop_doubles(Indexes& scopes, size_t part) const {
    std::set<Indexes> seen;
    std::erase_if(scopes, [&](size_t scope) { return !seen.insert(assigned(part, scope, nullptr)).second; });
  }

  void settle(const Closeness& level, const std::vector<std::map<Closeness, Indexes>>& near) {
    std::vector<Indexes> candidates(parts_.size());
    std::map<size_t, std::string> clash;
    for (size_t part = 0; part < parts_.size(); ++part) {
      const auto named = near[part].find(level);
      if (named == near[part].end() || !open(part)) continue;
      for (const size_t scope : named->second) {
        const Indexes all = assigned(part, scope, &clash);
        if (std::any_of(all.begin(), all.end(), [](size_t one) { return one != nowhere; })) candidates[part].push_back(scope);
      }
      drop_doubles(candidates[part], part);
      if (candidates[part].empty()) continue;
      if (candidates[part].size() > 1) ambiguous(part, candidates[part], "several names fit it equally");
    }
    refuse_contested(candidates);
    static constexpr const char* reasons[] = {"", "the layer's name agrees", "the end of the name agrees",
                                              "the whole name agrees, below others", "the whole name agrees"};
    for (size_t part = 0; part < parts_.size(); ++part) {
      if (!candidates[part].empty()) take(part, candidates[part].front(), reasons[level.kind]);
    }
    for (auto& [place, why] : clash) {
      if (out_.stored[place] == nowhere) out_.clashes.emplace(place, std::move(why));
    }
  }

  std::string part_name(size_t part) const {
    const std::string name = target_.places[parts_[part].front()].name();
    return "'" + base::escaped(name.substr(0, name.rfind('/'))) + "'";
  }

  [[noreturn]] void ambiguous(size_t part, const Indexes& scopes, const std::string& why) const {
    std::string text;
    for (size_t i = 0; i < scopes.size() && i < most_told; ++i)
      text += (text.empty() ? "" : ", ") + ("'" + base::escaped(joined(scopes_[scopes[i]].path)) + "'");
    throw Error(Status::format,
                "weights for " + part_name(part) + " of the model are ambiguous: " + why + ": " + text +
                    "; --rename or --prefix decides",
                {source_.path, {}, {}});
  }

  [[noreturn]] void same_name(const SlotPlace& place, const Indexes& stored) const {
    std::string text;
    for (size_t i = 0; i < stored.size() && i < most_told; ++i)
      text += (text.empty() ? "" : ", ") + ("'" + base::escaped(source_.weights[stored[i]].key) + "'");
    throw Error(Status::format,
                "the weight for '" + base::escaped(place.name()) +
                    "' of the model is ambiguous: several have its name: " + text + "; --prefix decides",
                {source_.path, {}, {}});
  }

  [[noreturn]] void contested(size_t scope, const Indexes& parts) const {
    std::string text;
    for (size_t i = 0; i < parts.size() && i < most_told; ++i) text += (text.empty() ? "" : ", ") + part_name(parts[i]);
    throw Error(Status::format,
                "ambiguous: '" + base::escaped(joined(scopes_[scope].path)) +
                    "' fits several layers of the model equally: " + text + "; --rename or --prefix decides",
                {source_.path, {}, {}});
  }

  const Source& source_;
  const Target& target_;
  const TransferOptions& options_;
  Pairing& out_;
  std::vector<Scope> scopes_;
  std::vector<Indexes> parts_;
  std::map<size_t, int> parts_in_;  ///< by layer
};

}  // namespace

void match_by_names(const Source& source, const Target& target, const TransferOptions& options, Pairing& out) {
  ByName(source, target, options, out).run();
}

void match_the_rest(const Source& source, const Target& target, const TransferOptions& options, Pairing& out) {
  ByName(source, target, options, out).rest();
}

}  // namespace keraft::transfer
