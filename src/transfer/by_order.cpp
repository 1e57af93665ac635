#include <algorithm>
#include <set>

#include "base/string.h"
#include "keraft/error.hpp"
#include "transfer/match.h"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

using Indexes = std::vector<size_t>;

/// Runs of equal keys.
template <class Key>
std::vector<Indexes> runs(const Indexes& order, Key key) {
  std::vector<Indexes> out;
  for (const size_t index : order) {
    if (out.empty() || key(out.back().front()) != key(index)) out.emplace_back();
    out.back().push_back(index);
  }
  return out;
}

class ByOrder {
 public:
  ByOrder(const Source& source, const Target& target, const TransferOptions& options)
      : source_(source), target_(target), options_(options) {
    for (const SlotPlace& one : target.places) layer_names_.insert(one.path.back());
  }

  /// Pairs of stored weight and place; nothing when they are built differently.
  std::optional<std::vector<std::pair<size_t, size_t>>> pairs(const Indexes& stored, const Indexes& places, std::string& why) {
    const auto theirs = runs(stored, [&](size_t i) { return source_.weights[i].layer; });
    const auto ours = runs(places, [&](size_t i) { return target_.places[i].layer; });
    std::vector<std::pair<size_t, size_t>> out;
    if (theirs.size() == ours.size()) {
      bool fits = true;
      for (size_t i = 0; i < ours.size() && fits; ++i) {
        fits = add_layer(theirs[i], ours[i], out);
        if (!fits && why.empty()) why = difference(theirs[i], ours[i], i);
      }
      if (fits) return out;
    } else if (why.empty()) {
      why = "layers with weights: " + std::to_string(theirs.size()) + " here, " + std::to_string(ours.size()) + " in the model";
    }
    // A model inside may be one layer to the source.
    out.clear();
    if (stored.size() != places.size()) return std::nullopt;
    for (size_t i = 0; i < places.size(); ++i) {
      if (!may_pair(stored[i], places[i], true)) return std::nullopt;
      out.emplace_back(stored[i], places[i]);
    }
    return out;
  }

  void refuse_contradictions(const std::vector<std::pair<size_t, size_t>>& pairs) const {
    std::set<std::string> theirs, ours;
    for (const auto& [stored, place] : pairs) {
      if (source_.weights[stored].paths.empty()) return;
      theirs.insert(layer_name(stored, target_.places[place]));
      ours.insert(target_.places[place].path.back());
    }
    std::string found;
    std::set<std::string> told;
    for (const auto& [stored, place] : pairs) {
      const SlotPlace& here = target_.places[place];
      const std::string name = layer_name(stored, here);
      if (name == here.path.back() || !ours.contains(name) || !told.insert(name).second) continue;
      if (is_automatic(name, here.layer_cls) && theirs != ours) continue;
      found += (found.empty() ? "" : ", ") + ("'" + base::escaped(name) + "' stands where the model has '") +
               base::escaped(here.path.back()) + "'";
    }
    if (found.empty()) return;
    throw Error(Status::format,
                "order and names of the layers contradict each other: " + found +
                    "; --by order or --by names says which of them is right",
                {source_.path, {}, {}});
  }

 private:
  bool may_pair(size_t stored, size_t place, bool leaves) const {
    const Stored& one = source_.weights[stored];
    const SlotPlace& here = target_.places[place];
    if (leaves) {
      for (const Path& path : one.paths) {
        if (!path.empty() && !may_be(path.back(), here, target_)) return false;
      }
    }
    return fit(one.value, here, options_.layout).has_value();
  }

  bool named(size_t stored, size_t place) const {
    const auto& paths = source_.weights[stored].paths;
    return std::any_of(paths.begin(), paths.end(),
                       [&](const Path& path) { return !path.empty() && names(path.back(), target_.places[place]); });
  }

  /// Each weight of a layer is the slot of its name, where each has one; otherwise that of its place.
  bool add_layer(const Indexes& stored, const Indexes& places, std::vector<std::pair<size_t, size_t>>& out) const {
    if (stored.size() != places.size()) return false;
    Indexes of_place;
    for (const size_t place : places) {
      Indexes candidates;
      std::copy_if(stored.begin(), stored.end(), std::back_inserter(candidates), [&](size_t one) { return named(one, place); });
      if (candidates.size() == 1) of_place.push_back(candidates.front());
    }
    const bool by_names =
        of_place.size() == places.size() && std::set<size_t>(of_place.begin(), of_place.end()).size() == places.size();
    for (size_t i = 0; i < places.size(); ++i) {
      const size_t one = by_names ? of_place[i] : stored[i];
      if (!may_pair(one, places[i], !by_names)) return false;
      out.emplace_back(one, places[i]);
    }
    return true;
  }

  std::string difference(const Indexes& stored, const Indexes& places, size_t number) const {
    const auto list = [](const auto& all, const Indexes& some, auto text) {
      std::string out;
      for (const size_t one : some) out += (out.empty() ? "" : ", ") + text(all[one]);
      return out;
    };
    return "layer " + std::to_string(number + 1) + " with weights is " +
           list(source_.weights, stored,
                [](const Stored& one) { return base::escaped(one.key) + ' ' + described(one.value.dtype, one.value.dims); }) +
           " here, and in the model " + list(target_.places, places, [](const SlotPlace& one) {
             return base::escaped(one.name()) + ' ' + described(one.dtype, one.dims);
           });
  }

  /// The name of the layer that a stored weight belongs to.
  std::string layer_name(size_t stored, const SlotPlace& place) const {
    const Path& path = source_.weights[stored].paths.front();
    if (path.size() < 2) return {};
    // Names of what the layer holds may stand between.
    if (std::find(path.begin(), path.end(), place.path.back()) != path.end()) return place.path.back();
    for (size_t i = path.size() - 1; i-- > 0;) {
      if (layer_names_.contains(path[i])) return path[i];
    }
    return path[path.size() - 2];
  }

  const Source& source_;
  const Target& target_;
  const TransferOptions& options_;
  std::set<std::string> layer_names_;  ///< of the model
};

}  // namespace

bool match_by_order(const Source& source, const Target& target, const TransferOptions& options, Pairing& out,
                    std::string& why) {
  ByOrder matcher(source, target, options);
  for (const auto& [theirs, ours] : {std::pair(&source.nested, &target.nested), std::pair(&source.flat, &target.flat)}) {
    if (theirs->empty() || ours->empty()) continue;
    const auto pairs = matcher.pairs(*theirs, *ours, why);
    if (!pairs) continue;
    if (options.by == MatchBy::evidence) matcher.refuse_contradictions(*pairs);
    for (const auto& [stored, place] : *pairs) {
      const Stored& one = source.weights[stored];
      out.pair(stored, place, "the same place in the order of layers and weights");
      for (const Path& path : one.paths) {
        if (path.size() > 1 && std::find(path.begin(), path.end(), target.places[place].path.back()) != path.end() &&
            out.evidence[place].size() == 1)
          out.evidence[place].push_back("the layer's name agrees");
      }
    }
    return true;
  }
  if (why.empty())
    why = source.nested.empty() && source.flat.empty() ? "the file tells no order of layers like the model's"
                                                       : "the model's layers have no order";
  return false;
}

}  // namespace keraft::transfer
