#include "emit/repeats.h"

#include <algorithm>
#include <limits>

#include "emit/name_tokens.h"

namespace keraft::emit {
namespace {

constexpr size_t most_tensors = 3;  ///< that a run starts from
constexpr size_t longest_run = 64;  ///< run; longer ones are found when their parts have become calls
constexpr size_t windows_in_all = 1'000'000;
constexpr size_t nowhere = std::numeric_limits<size_t>::max();

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

}  // namespace

Reading::Reading(const Program& program) : program_(program) {
  const auto& items = program.items;
  NodeId nodes = 0;
  for (const Item& item : items) nodes = std::max(nodes, item.result + 1);
  position_.assign(static_cast<size_t>(nodes), nowhere);
  for (size_t i = 0; i < items.size(); ++i) position_[static_cast<size_t>(items[i].result)] = i;
  last_read_.assign(items.size(), 0);
  reads_.assign(items.size(), 0);
  for (size_t i = 0; i < items.size(); ++i) {
    last_read_[i] = std::max(last_read_[i], i);
    for (const Edge& edge : items[i].inputs) {
      const size_t from = position_[static_cast<size_t>(edge.node)];
      last_read_[from] = i;
      ++reads_[from];
    }
  }
  for (const NodeId id : program.outputs) last_read_[position_[static_cast<size_t>(id)]] = nowhere;
}

std::vector<bool> Reading::handed_on() const {
  std::vector<bool> out;
  for (size_t i = 0; i < last_read_.size(); ++i) out.push_back(reads_[i] == 1 && last_read_[i] == i + 1);
  return out;
}

std::vector<Edge> Reading::tensors(size_t start, size_t length) const {
  std::vector<Edge> out;
  for (size_t i = start; i < start + length; ++i) {
    for (const Edge& edge : program_.items[i].inputs) {
      const bool outside = position_[static_cast<size_t>(edge.node)] < start;
      if (outside && std::find(out.begin(), out.end(), edge) == out.end()) out.push_back(edge);
    }
  }
  return out;
}

/// What an item calls; closer: and how its name is made; closest: and which arguments it says.
uint64_t Reading::token(const Item& item, int closeness) const {
  uint64_t out = mixed(item.call ? 1 : 2, static_cast<uint64_t>(item.callee));
  out = mixed(out, item.loop ? 1 + item.carried + 16 * static_cast<uint64_t>(item.step) : 0);
  out = mixed(out, item.inputs.size());
  for (const Argument& argument : item.arguments) {
    if (closeness > 1) out = mixed(out, argument.place);
    if (closeness > 0 && argument.value.kind == Pattern::Kind::text) out = mixed(out, name_shape(argument.value));
  }
  return out;
}

/// The hash of each run from `start` on that has one result, as far as `most` items.
void Reading::windows(size_t start, size_t most, const std::vector<uint64_t>& tokens, std::vector<Window>& out) const {
  const auto& items = program_.items;
  uint64_t hash = 0;
  size_t read = 0;
  std::vector<Edge> tensors;
  for (size_t i = start; i < std::min(start + most, items.size()); ++i) {
    const Item& item = items[i];
    if (!item.call && program_.callees[static_cast<size_t>(item.callee)].lone) return;
    hash = mixed(hash, tokens[i]);
    for (const Edge& edge : item.inputs) {
      const size_t from = position_[static_cast<size_t>(edge.node)];
      if (from >= start) {
        hash = mixed(hash, 16 * (from - start) + 8 + static_cast<uint64_t>(edge.port) * 1024);
        continue;
      }
      const auto known = std::find(tensors.begin(), tensors.end(), edge);
      hash = mixed(hash, static_cast<uint64_t>(known - tensors.begin()));
      if (known == tensors.end()) tensors.push_back(edge);
      if (tensors.size() > most_tensors) return;
    }
    if (read <= i && !tensors.empty())
      out.push_back({hash, static_cast<uint32_t>(start), static_cast<uint32_t>(i + 1 - start)});
    read = std::max(read, last_read_[i]);
    if (read >= start + most) return;
  }
}

/// What the hash is of.
std::vector<int64_t> Reading::shape(size_t start, size_t length) const {
  std::vector<int64_t> out;
  const auto outside = tensors(start, length);
  for (size_t i = start; i < start + length; ++i) {
    const Item& item = program_.items[i];
    out.insert(out.end(), {item.call, item.callee, item.loop, static_cast<int64_t>(item.carried), item.step, item.several});
    for (const Edge& edge : item.inputs) {
      const size_t from = position_[static_cast<size_t>(edge.node)];
      const auto tensor = std::find(outside.begin(), outside.end(), edge) - outside.begin();
      out.insert(out.end(), {from < start ? -1 - tensor : static_cast<int64_t>(from - start), edge.port});
    }
    out.push_back(-100);
  }
  return out;
}

void Reading::gather(std::vector<Window>& windows, std::vector<Repeat>& out) const {
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return std::pair(a.hash, a.start) < std::pair(b.hash, b.start); });
  std::vector<size_t> lines{0};
  for (const Item& item : program_.items) lines.push_back(lines.back() + item.lines);
  for (size_t begin = 0, end = 0; begin < windows.size(); begin = end) {
    while (end < windows.size() && windows[end].hash == windows[begin].hash) ++end;
    if (end - begin < 2) continue;
    Repeat repeat{{}, windows[begin].length, 0};
    size_t behind = 0, saved = 0;
    for (size_t i = begin; i < end; ++i) {
      const size_t start = windows[i].start, stop = start + windows[i].length;
      if (windows[i].length != repeat.length || start < behind) continue;
      // A call that follows another one can be a step of the same loop.
      saved += lines[stop] - lines[start] - (start == behind && !repeat.starts.empty() ? 0 : 1);
      repeat.starts.push_back(start);
      behind = stop;
    }
    const size_t own = lines[repeat.starts[0] + repeat.length] - lines[repeat.starts[0]] + function_frame;
    if (repeat.starts.size() < 2 || saved <= own) continue;
    repeat.bound = saved - own;
    out.push_back(std::move(repeat));
  }
}

std::vector<Repeat> Reading::repeats() const {
  const auto& items = program_.items;
  std::vector<Repeat> out;
  const size_t most = std::clamp(windows_in_all / std::max<size_t>(items.size(), 1), size_t{4}, longest_run);
  for (const int closeness : {0, 1, 2}) {
    std::vector<uint64_t> tokens;
    for (const Item& item : items) tokens.push_back(token(item, closeness));
    std::vector<Window> found;
    for (size_t i = 0; i < items.size(); ++i) windows(i, most, tokens, found);
    gather(found, out);
  }
  std::stable_sort(out.begin(), out.end(), [](const Repeat& a, const Repeat& b) { return a.bound > b.bound; });
  return out;
}

void Reading::check(Repeat& repeat) const {
  const auto wanted = shape(repeat.starts.front(), repeat.length);
  std::erase_if(repeat.starts, [&](size_t start) { return shape(start, repeat.length) != wanted; });
}

}  // namespace keraft::emit
