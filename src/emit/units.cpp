#include "emit/units.h"

#include <algorithm>

namespace keraft::emit {
namespace {

constexpr size_t least_lines = 5;  ///< of a statement that is a function
constexpr int most_bare = 3;       ///< numbers that calls give without their names

/// Are there two units with branches, one behind the other, that are the same?
bool holds_a_chain_of_units(std::span<const Item> body) {
  const auto alike = [&](size_t i, size_t k) { return body[i].call == body[k].call && body[i].callee == body[k].callee; };
  for (size_t unit = 2; 2 * unit <= body.size(); ++unit) {
    size_t same = 0, branches = 0;
    for (size_t i = 0; i + unit < body.size(); ++i) {
      same = alike(i, i + unit) ? same + 1 : 0;
      branches = same == 0 ? 0 : branches + (body[i].inputs.size() > 1 ? 1 : 0);
      if (same >= unit && branches > 0) return true;
    }
  }
  return false;
}

}  // namespace

int64_t oddities(size_t tensors, std::span<const Item> body) {
  return static_cast<int64_t>(tensors) * (holds_a_chain_of_units(body) ? 3 : 1);
}

bool names_two_units(const Function& function) {
  std::map<std::pair<int, std::string>, int64_t> offsets;  // of a number behind this text
  for (const Item& item : function.body) {
    for (const Argument& argument : item.arguments) {
      if (argument.value.kind != Pattern::Kind::text) continue;
      std::string before;
      for (const Piece& piece : argument.value.pieces) {
        if (piece.variable >= 0 && offsets.try_emplace({piece.variable, before}, piece.offset).first->second != piece.offset)
          return true;
        before = piece.text;
      }
    }
  }
  return false;
}

bool is_too_small(std::span<const Item> body) {
  return body.size() == 1 && (body[0].call || body[0].loop || body[0].lines < least_lines);
}

void bare_parameters(std::vector<Parameter>& parameters) {
  const auto positional = [](const Parameter& parameter) { return parameter.positional; };
  if (std::count_if(parameters.begin(), parameters.end(), positional) <= 2) return;
  int bare = 0;
  for (Parameter& parameter : parameters)
    parameter.positional = parameter.positional && parameter.kind == Pattern::Kind::number && bare++ < most_bare;
}

std::optional<Pattern> default_of(const Parameter& parameter, const std::vector<Pattern>& values) {
  if (parameter.kind == Pattern::Kind::text || parameter.name == "index") return std::nullopt;
  std::map<std::string, size_t> counts;
  size_t constants = 0;
  for (const Pattern& value : values) {
    if (!value.constant()) continue;
    ++counts[value.pieces.front().text];
    ++constants;
  }
  for (const Pattern& value : values) {
    const size_t count = value.constant() ? counts[value.pieces.front().text] : 0;
    if (count * 2 > values.size() && values.size() > 2) return value;
    if (count > 0 && count == constants && constants < values.size() && count * 2 >= values.size()) return value;
  }
  return std::nullopt;
}

void set_defaults(Program& program) {
  for (size_t f = 0; f < program.functions.size(); ++f) {
    for (size_t k = 0; k < program.functions[f].parameters.size(); ++k) {
      std::vector<Pattern> values;
      const auto look = [&](const std::vector<Item>& items) {
        for (const Item& item : items) {
          if (item.call && item.callee == static_cast<int>(f))
            values.push_back(item.arguments[k + (item.loop ? loop_bounds : 0)].value);
        }
      };
      look(program.items);
      for (const Function& function : program.functions) look(function.body);
      Parameter& parameter = program.functions[f].parameters[k];
      parameter.otherwise = default_of(parameter, values);
    }
  }
}

}  // namespace keraft::emit
