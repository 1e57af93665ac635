#include "emit/loops.h"

#include <algorithm>
#include <set>

#include "emit/call_text.h"

namespace keraft::emit {
namespace {

/// What an item of a layer has at this place, said or not.
const Pattern* value_at(const Program& program, const Item& item, size_t place) {
  for (const Argument& argument : item.arguments) {
    if (argument.place == place) return &argument.value;
  }
  return &program.callees[static_cast<size_t>(item.callee)].defaults.at(place - (item.loop ? loop_bounds : 0)).value;
}

bool is_positional(const Program& program, const Item& item, size_t place) {
  if (item.loop && place < loop_bounds) return false;
  const size_t own = place - (item.loop ? loop_bounds : 0);
  const auto callee = static_cast<size_t>(item.callee);
  return item.call ? program.functions[callee].parameters[own].positional : own < program.callees[callee].positional;
}

/// The input of `next` that `item` gives, if all others are those of `item` and both call the same.
std::optional<size_t> link(const Item& item, const Item& next) {
  if (item.loop || next.loop || item.several || item.call != next.call || item.callee != next.callee ||
      item.inputs.size() != next.inputs.size())
    return std::nullopt;
  std::optional<size_t> out;
  for (size_t i = 0; i < next.inputs.size(); ++i) {
    if (next.inputs[i].node == item.result) {
      if (out) return std::nullopt;
      out = i;
    } else if (next.inputs[i] != item.inputs[i]) {
      return std::nullopt;
    }
  }
  return out;
}

Item loop_of(const Item& first, const Progress& counter, const std::vector<Argument>& arguments, size_t carried) {
  Item out = first;
  out.loop = true;
  out.carried = carried;
  out.step = counter.step;
  out.arguments = {{"first", 0, Pattern::of(counter.first)},
                   {"last", 1, Pattern::of(counter.first + counter.step * static_cast<int64_t>(counter.length - 1))}};
  for (size_t i = 0; i < arguments.size(); ++i)
    out.arguments.push_back({arguments[i].key, arguments[i].place + loop_bounds, counter.patterns[i]});
  return out;
}

size_t lines_between(const std::vector<Item>& items, size_t begin, size_t end) {
  size_t out = 0;
  for (size_t i = begin; i < end; ++i) out += items[i].lines;
  return out;
}

/// Is a loop of two steps to be tried? Its names count, and nothing else.
bool counts_names(const Progress& counter) {
  return counter.step == 1 && std::all_of(counter.patterns.begin(), counter.patterns.end(), [](const Pattern& pattern) {
           return !pattern.counts() || pattern.kind == Pattern::Kind::text;
         });
}

std::optional<Item> loop_at(const Program& program, const std::vector<Item>& items, const std::vector<bool>& handed_on,
                            size_t begin) {
  std::vector<size_t> starts{begin};
  std::optional<size_t> carried;
  Aligned arguments;
  Progress counter;
  // Twice as far each time, so that no chain is looked at again and again.
  for (size_t most = 2;; most *= 2) {
    for (size_t next = starts.back() + 1; starts.size() < most && next < items.size() && handed_on[next - 1]; ++next) {
      const auto by = link(items[next - 1], items[next]);
      if (!by || (carried && by != carried)) break;
      carried = by;
      starts.push_back(next);
    }
    if (starts.size() < 2) return std::nullopt;
    arguments = aligned(program, items, starts, 1);
    counter = progress(arguments.columns, starts.size());
    if (counter.length < starts.size() || starts.size() < most) break;
  }
  if (counter.length < 2 || (counter.length == 2 && !counts_names(counter))) return std::nullopt;
  const size_t apart = lines_between(items, begin, begin + counter.length);
  Item out = loop_of(items[begin], counter, arguments.arguments.front(), *carried);
  for (size_t i = 0; i < counter.length; ++i) out.results.push_back(items[begin + i].result);
  out.result = out.results.back();
  out.lines = statement_lines(program, out);
  if (counter.length > 2 && out.lines >= apart) return std::nullopt;
  out.lines = std::min(out.lines, apart);
  return out;
}

Pattern counted_to(const Pattern& pattern, int64_t counter) {
  if (!pattern.counts()) return pattern;
  Pattern out{pattern.kind, {}};
  for (const Piece& piece : pattern.pieces)
    append(out, piece.variable == Piece::counter ? Piece{std::to_string(piece.factor * counter + piece.offset)} : piece);
  return out;
}

std::vector<Item> steps_of(const Program& program, const Item& loop, const std::vector<Parameter>& parameters) {
  std::vector<Item> out;
  const int64_t first = number_of(loop.arguments[0].value);
  for (size_t i = 0; i < loop.results.size(); ++i) {
    Item step = loop;
    step.loop = false;
    step.results.clear();
    step.arguments.clear();
    for (size_t k = loop_bounds; k < loop.arguments.size(); ++k) {
      const Argument& argument = loop.arguments[k];
      step.arguments.push_back({argument.key, argument.place - loop_bounds,
                                counted_to(argument.value, first + loop.step * static_cast<int64_t>(i))});
    }
    if (i > 0) step.inputs[loop.carried] = {loop.results[i - 1], 0};
    step.result = loop.results[i];
    step.lines = statement_lines(program, step, parameters);
    out.push_back(std::move(step));
  }
  return out;
}

}  // namespace

Aligned aligned(const Program& program, const std::vector<Item>& items, const std::vector<size_t>& starts, size_t length) {
  Aligned out;
  for (size_t i = 0; i < length; ++i) {
    std::map<size_t, std::string> places;
    for (const size_t start : starts) {
      for (const Argument& argument : items[start + i].arguments) places.emplace(argument.place, argument.key);
    }
    auto& arguments = out.arguments.emplace_back();
    for (const auto& [place, key] : places) {
      Column column{key, is_positional(program, items[starts.front() + i], place), {}};
      for (const size_t start : starts) column.values.push_back(value_at(program, items[start + i], place));
      out.columns.push_back(std::move(column));
      arguments.push_back({key, place, {}});
    }
  }
  return out;
}

std::vector<Item> looped(const Program& program, const std::vector<Item>& items, const std::vector<bool>& handed_on) {
  std::vector<Item> out;
  for (size_t begin = 0; begin < items.size();) {
    if (auto loop = loop_at(program, items, handed_on, begin)) {
      begin += loop->results.size();
      out.push_back(std::move(*loop));
    } else {
      out.push_back(items[begin++]);
    }
  }
  return out;
}

std::vector<Item> unrolled(const Program& program, const std::vector<Item>& items, const std::vector<Parameter>& parameters) {
  std::set<std::pair<bool, int>> longer;
  for (const Item& item : items) {
    if (item.loop && item.results.size() > 2) longer.emplace(item.call, item.callee);
  }
  std::vector<Item> out;
  for (const Item& item : items) {
    const bool fixed = item.loop && item.arguments[0].value.constant() && item.arguments[1].value.constant();
    if (!fixed || item.results.size() > 2) {
      out.push_back(item);
      continue;
    }
    auto steps = steps_of(program, item, parameters);
    const size_t lines = statement_lines(program, item, parameters), apart = lines_between(steps, 0, steps.size());
    const bool keeps = lines < apart || (lines == apart && longer.contains({item.call, item.callee}));
    if (keeps) {
      out.push_back(item);
    } else {
      out.insert(out.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
    }
  }
  return out;
}

}  // namespace keraft::emit
