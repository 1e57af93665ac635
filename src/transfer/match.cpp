#include "transfer/match.h"

#include "base/string.h"
#include "keraft/error.hpp"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

constexpr size_t most_listed = 20;

[[noreturn]] void fail_unfilled(const Source& source, const Target& target, const Pairing& found,
                                const std::string& structure) {
  std::string text;
  size_t count = 0;
  for (size_t i = 0; i < target.places.size(); ++i) {
    if (found.stored[i] != nowhere || ++count > most_listed) continue;
    const SlotPlace& place = target.places[i];
    const auto clash = found.clashes.find(i);
    text += (text.empty() ? "" : "; ") + base::escaped(place.name()) + ' ' + described(place.dtype, place.dims);
    if (clash != found.clashes.end()) text += " (" + clash->second + ")";
  }
  if (count > most_listed) text += "; and " + std::to_string(count - most_listed) + " more";
  throw Error(Status::mismatch,
              "nothing here fits " + std::to_string(count) + " of the " + std::to_string(target.places.size()) +
                  " weights of " + base::escaped(target.path) + ": " + text +
                  (structure.empty() ? "" : ". Not by order: " + structure) +
                  "; tell names with --rename or --prefix, or leave them as they are with --partial",
              {source.path, {}, {}});
}

}  // namespace

Pairing::Pairing(const Source& source, const Target& target)
    : stored(target.places.size(), nowhere), place(source.weights.size(), nowhere), evidence(target.places.size()) {}

void Pairing::pair(size_t stored_index, size_t place_index, std::string why) {
  stored.at(place_index) = stored_index;
  place.at(stored_index) = place_index;
  evidence.at(place_index).push_back(std::move(why));
}

std::vector<std::vector<size_t>> parts_of(const Target& target, const std::vector<size_t>& places) {
  std::vector<std::vector<size_t>> out;
  std::map<std::pair<size_t, std::string>, size_t> at;
  for (const size_t index : places) {
    const SlotPlace& place = target.places[index];
    const auto [found, fresh] = at.try_emplace({place.layer, place.parts.front()}, out.size());
    if (fresh) out.emplace_back();
    out[found->second].push_back(index);
  }
  return out;
}

Pairing match(const Source& source, const Target& target, const TransferOptions& options) {
  Pairing out(source, target);
  std::string structure;
  const bool by_order = options.by == MatchBy::order || (options.by == MatchBy::evidence && options.renames.empty());
  bool done = by_order && match_by_order(source, target, options, out, structure);
  if (!done && options.by == MatchBy::order)
    throw Error(Status::mismatch, "cannot be matched by order: " + structure, {source.path, {}, {}});
  if (!done) {
    match_by_names(source, target, options, out);
    if (!options.partial && options.by == MatchBy::evidence) match_the_rest(source, target, options, out);
  }
  for (const size_t stored : out.stored) {
    if (stored == nowhere && !options.partial) fail_unfilled(source, target, out, structure);
  }
  bool any = target.places.empty();
  for (const size_t stored : out.stored) any = any || stored != nowhere;
  if (!any) fail_unfilled(source, target, out, structure);
  return out;
}

}  // namespace keraft::transfer
