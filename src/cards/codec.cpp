#include "cards/codec.h"

#include <algorithm>

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft::cards {
namespace {

bool channels_first_name(std::string_view layout) { return layout == "NCHW" || layout == "NCDHW" || layout == "NCW"; }

std::string layout_name(bool channels_first, size_t rank) {
  if (rank == 3) return channels_first ? "NCW" : "NWC";
  if (rank == 5) return channels_first ? "NCDHW" : "NDHWC";
  return channels_first ? "NCHW" : "NHWC";
}

std::optional<Value> spatial(const Value& attr, bool channels_first) {
  const auto all = attr.as_ints();
  if (!all || all->size() < 3) return std::nullopt;
  const size_t channel = channels_first ? 1 : all->size() - 1;
  if ((*all)[0] != 1 || (*all)[channel] != 1) return std::nullopt;
  std::vector<int64_t> out;
  for (size_t i = 1; i < all->size(); ++i) {
    if (i != channel) out.push_back((*all)[i]);
  }
  return Value::ints(out);
}

}  // namespace

std::optional<Value> decode(std::string_view codec, const Value& attr, bool channels_first) {
  if (codec.empty()) return attr;
  if (codec == "spatial") return spatial(attr, channels_first);
  if (codec == "side") {
    const auto sizes = spatial(attr, channels_first);
    const auto all = sizes ? sizes->as_ints() : std::nullopt;
    if (!all || std::any_of(all->begin(), all->end(), [&](int64_t size) { return size != all->front(); })) return std::nullopt;
    return all->front();
  }
  const std::string* text = attr.get<std::string>();
  if (!text) return std::nullopt;
  if (codec == "layout") return channels_first_name(*text) ? "channels_first" : "channels_last";
  if (codec == "lower" && (*text == "SAME" || *text == "VALID")) return base::lower(*text);
  return std::nullopt;
}

Value encode(std::string_view codec, const Value& entry, bool channels_first, size_t rank) {
  if (codec == "layout") return layout_name(channels_first, rank);
  if (codec == "spatial" || codec == "side") {
    std::vector<int64_t> sizes = entry.as_ints().value_or(std::vector<int64_t>{});
    if (const auto* one = entry.get<int64_t>()) sizes.assign(rank - 2, *one);
    if (sizes.size() == 1 && rank > 3) sizes.assign(rank - 2, sizes[0]);
    if (sizes.size() + 2 != rank)
      throw Error(Status::format, "a config entry wants " + std::to_string(rank - 2) + " sizes: " + entry.text());
    sizes.insert(sizes.begin(), 1);
    sizes.insert(channels_first ? sizes.begin() + 1 : sizes.end(), 1);
    return Value::ints(sizes);
  }
  if (codec == "lower") {
    const std::string* text = entry.get<std::string>();
    if (!text || (*text != "same" && *text != "valid"))
      throw Error(Status::unsupported, "padding " + entry.text() + " has no op");
    return *text == "same" ? "SAME" : "VALID";
  }
  return entry;
}

}  // namespace keraft::cards
