#include "emit/blocks.h"

#include <algorithm>

#include "emit/call_text.h"
#include "emit/function_names.h"
#include "emit/loops.h"
#include "emit/patterns.h"
#include "emit/repeats.h"
#include "emit/units.h"

namespace keraft::emit {
namespace {

constexpr size_t most_functions = 16, most_parameters = 8;
constexpr size_t looked_at = 400'000;  ///< statements of repeats, the most promising first, for one function
constexpr size_t enough_runs = 64;     ///< to tell what the others are like
constexpr int64_t least_saved = 5;     ///< lines that a function must save, each two parameters counted as one
constexpr int64_t least_part = 200;    ///< and the part of the model that these must be

/// A function and what calls it.
struct Block {
  Function function;
  std::vector<Item> calls;  ///< by run
  Repeat repeat;
  int64_t own = 0;  ///< lines of the function
  int64_t saved = 0;
};

std::vector<Item> body_of(const Program& program, const Reading& reading, const Repeat& repeat, const Aligned& arguments,
                          const std::vector<Pattern>& patterns) {
  const size_t start = repeat.starts.front();
  const auto tensors = reading.tensors(start, repeat.length);
  std::vector<Item> out;
  size_t column = 0;
  for (size_t i = 0; i < repeat.length; ++i) {
    Item item = program.items[start + i];
    item.arguments = arguments.arguments[i];
    for (Argument& argument : item.arguments) argument.value = patterns[column++];
    for (Edge& edge : item.inputs) {
      const auto outside = std::find(tensors.begin(), tensors.end(), edge);
      if (outside != tensors.end()) edge = tensor_edge(static_cast<size_t>(outside - tensors.begin()));
    }
    out.push_back(std::move(item));
  }
  return out;
}

Item call_in_place(const Program& program, const Reading& reading, const Repeat& repeat, size_t run, const Unified& unified) {
  const size_t start = repeat.starts[run];
  const Item& last = program.items[start + repeat.length - 1];
  Item out;
  out.call = true;
  out.callee = static_cast<int>(program.functions.size());
  out.inputs = reading.tensors(start, repeat.length);
  out.result = last.result;
  out.several = last.several;
  for (size_t i = 0; i < unified.parameters.size(); ++i)
    out.arguments.push_back({unified.parameters[i].name, i, unified.given[i][run]});
  return out;
}

/// Lines of the calls, where those that follow each other may be loops.
int64_t lines_of_calls(const Program& program, const Reading& reading, const Block& block) {
  std::vector<bool> handed_on;
  const auto& starts = block.repeat.starts;
  for (size_t i = 0; i < starts.size(); ++i) {
    const size_t end = starts[i] + block.repeat.length;
    const bool next = i + 1 < starts.size() && starts[i + 1] == end;
    handed_on.push_back(next && reading.last_read(end - 1) < end + block.repeat.length);
  }
  int64_t out = 0;
  for (const Item& item : looped(program, block.calls, handed_on)) out += static_cast<int64_t>(item.lines);
  return out;
}

/// Without the runs in which two parameters differ that are the same in nearly all; nothing: there are none.
std::optional<Repeat> without_outliers(const Repeat& repeat, const Unified& unified) {
  const size_t runs = repeat.starts.size();
  for (size_t a = 0; a < unified.parameters.size(); ++a) {
    for (size_t b = a + 1; b < unified.parameters.size(); ++b) {
      if (unified.parameters[a].name != unified.parameters[b].name) continue;
      Repeat out{{}, repeat.length, repeat.bound};
      for (size_t run = 0; run < runs; ++run) {
        if (unified.given[a][run] == unified.given[b][run]) out.starts.push_back(repeat.starts[run]);
      }
      if (out.starts.size() > 1 && 4 * out.starts.size() >= 3 * runs) return out;
    }
  }
  return std::nullopt;
}

/// The function that stands for these runs, or for most of them; nothing: there is none.
std::optional<Block> block_of(Program& program, const Reading& reading, Repeat repeat) {
  const Aligned arguments = aligned(program, program.items, repeat.starts, repeat.length);
  auto unified = unify(arguments.columns);
  if (!unified) return std::nullopt;
  if (auto fewer = without_outliers(repeat, *unified)) return block_of(program, reading, std::move(*fewer));
  if (unified->parameters.size() > most_parameters) return std::nullopt;
  Block out;
  out.function.parameters = unified->parameters;
  bare_parameters(out.function.parameters);
  for (size_t i = 0; i < unified->parameters.size(); ++i) {
    Parameter& parameter = out.function.parameters[i];
    parameter.otherwise = default_of(parameter, unified->given[i]);
  }
  out.function.body = body_of(program, reading, repeat, arguments, unified->patterns);
  out.function.tensors = reading.tensors(repeat.starts.front(), repeat.length).size();
  out.function.name = "block";
  for (size_t run = 0; run < repeat.starts.size(); ++run)
    out.calls.push_back(call_in_place(program, reading, repeat, run, *unified));
  int64_t lines = 0;
  for (const size_t start : repeat.starts) {
    for (size_t i = start; i < start + repeat.length; ++i) lines += static_cast<int64_t>(program.items[i].lines);
  }
  out.own = static_cast<int64_t>(function_frame + unified->parameters.size() / 2);
  for (size_t i = 0; i < repeat.length; ++i) out.own += static_cast<int64_t>(program.items[repeat.starts.front() + i].lines);
  out.repeat = std::move(repeat);
  program.functions.push_back(out.function);
  for (Item& call : out.calls) call.lines = statement_lines(program, call);
  out.saved = lines - out.own - lines_of_calls(program, reading, out);
  if (out.saved > 0) out.saved /= oddities(out.function.tensors, out.function.body) * (names_two_units(out.function) ? 2 : 1);
  program.functions.pop_back();
  return out;
}

/// Can the function of all runs save more than this? Told from the first ones, where there are many.
bool may_save(Program& program, const Reading& reading, const Repeat& repeat, int64_t saved) {
  const size_t runs = repeat.starts.size();
  if (runs < 2 * enough_runs) return true;
  const Repeat some{{repeat.starts.begin(), repeat.starts.begin() + enough_runs}, repeat.length, repeat.bound};
  const auto block = block_of(program, reading, some);
  return block && (block->saved + block->own) * static_cast<int64_t>(runs / enough_runs + 1) > saved;
}

/// Can it save more than this? Told by what it is made of, and cheaply.
bool is_promising(Program& program, const Reading& reading, Repeat& repeat, int64_t saved) {
  const auto body = std::span(program.items).subspan(repeat.starts.front(), repeat.length);
  const auto odd = oddities(reading.tensors(repeat.starts.front(), repeat.length).size(), body);
  if (is_too_small(body) || static_cast<int64_t>(repeat.bound) / odd <= saved) return false;
  reading.check(repeat);
  return repeat.starts.size() > 1 && may_save(program, reading, repeat, saved);
}

/// Of those that save enough, the function that saves most.
std::optional<Block> best_block(Program& program) {
  const Reading reading(program);
  int64_t saved = 0;
  for (const Item& item : program.items) saved += static_cast<int64_t>(item.lines);
  saved = std::max(least_saved, saved / least_part) - 1;
  std::optional<Block> best;
  size_t looked = 0;
  for (Repeat& repeat : reading.repeats()) {
    if (looked > looked_at || static_cast<int64_t>(repeat.bound) <= saved) break;
    looked += std::min(repeat.starts.size(), enough_runs) * repeat.length;
    if (!is_promising(program, reading, repeat, saved)) continue;
    looked += repeat.starts.size() * repeat.length;
    auto block = block_of(program, reading, std::move(repeat));
    if (!block || block->saved <= saved) continue;
    saved = block->saved;
    best = std::move(block);
  }
  return best;
}

void apply(Program& program, Block block) {
  program.functions.push_back(std::move(block.function));
  std::vector<Item> items;
  size_t at = 0;
  for (size_t run = 0; run < block.calls.size(); ++run) {
    const size_t start = block.repeat.starts[run];
    for (; at < start; ++at) items.push_back(std::move(program.items[at]));
    items.push_back(std::move(block.calls[run]));
    at = start + block.repeat.length;
  }
  for (; at < program.items.size(); ++at) items.push_back(std::move(program.items[at]));
  program.items = std::move(items);
}

void fold_loops(Program& program) { program.items = looped(program, program.items, Reading(program).handed_on()); }

}  // namespace

Program folded(Program program) {
  for (Item& item : program.items) item.lines = statement_lines(program, item);
  fold_loops(program);
  while (program.functions.size() < most_functions) {
    auto block = best_block(program);
    if (!block) break;
    apply(program, std::move(*block));
    fold_loops(program);
  }
  program.items = unrolled(program, program.items, {});
  for (Function& function : program.functions) function.body = unrolled(program, function.body, function.parameters);
  set_defaults(program);
  name_functions(program);
  return program;
}

}  // namespace keraft::emit
