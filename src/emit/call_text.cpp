#include "emit/call_text.h"

#include <algorithm>

#include "emit/arguments.h"

namespace keraft::emit {
namespace {

constexpr int python = -3, python_string = -4;  ///< pieces whose text is a name of Python; of a string

Piece composed(const Piece& outer, const Piece& inner) {
  if (inner.variable == Piece::literal) {
    if (outer.factor == 1 && outer.offset == 0) return inner;
    return {std::to_string(outer.factor * number_of({Pattern::Kind::number, {inner}}) + outer.offset)};
  }
  return {inner.text, inner.variable, outer.factor * inner.factor, outer.factor * inner.offset + outer.offset};
}

/// "4 * filters + 1"
std::string arithmetic(const Piece& piece) {
  std::string out = piece.factor == 1 ? piece.text : std::to_string(piece.factor) + " * " + piece.text;
  if (piece.offset != 0) out += (piece.offset > 0 ? " + " : " - ") + std::to_string(std::abs(piece.offset));
  return out;
}

/// Code with its numbers.
std::string concatenated(const Pattern& code) {
  std::string out;
  for (const Piece& piece : code.pieces) out += piece.variable == Piece::literal ? piece.text : arithmetic(piece);
  return out;
}

std::string f_string(const Pattern& pattern) {
  std::string out = "f\"";
  for (const Piece& piece : pattern.pieces)
    out += piece.variable == Piece::literal ? piece.text : "{" + arithmetic(piece) + "}";
  return out + "\"";
}

/// A number that is this much larger.
Pattern plus(Pattern number, int64_t more) {
  Piece& piece = number.pieces.front();
  if (piece.variable == Piece::literal) return Pattern::of(number_of(number) + more);
  piece.offset += more;
  return number;
}

std::string operation_text(const std::string& text, const std::vector<std::string>& inputs) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x01') {
      out += text[at];
      continue;
    }
    const size_t end = text.find('\x02', at);
    out += inputs[std::stoul(text.substr(at + 1, end - at - 1))];
    at = end;
  }
  return out;
}

std::vector<Expr> function_arguments(const Function& function, const Item& item, const Scope& scope) {
  std::vector<Expr> out;
  for (const size_t i : function.in_order()) {
    const Parameter& parameter = function.parameters[i];
    const Pattern value = resolved(item.arguments[i + (item.loop ? loop_bounds : 0)].value, scope);
    if (parameter.otherwise && *parameter.otherwise == value) continue;
    const bool bare = parameter.positional && !parameter.otherwise;
    out.push_back(bare ? written(value) : keyword(parameter.name, written(value)));
  }
  return out;
}

}  // namespace

Pattern variable(const std::string& name, Pattern::Kind kind) {
  return {kind, {{name, kind == Pattern::Kind::text ? python_string : python}}};
}

Pattern resolved(const Pattern& pattern, const Scope& scope) {
  if (pattern.constant()) return pattern;
  const auto value = [&](const Piece& piece) -> const Pattern& {
    return piece.variable == Piece::counter ? scope.counter : scope.parameters[static_cast<size_t>(piece.variable)];
  };
  if (pattern.kind == Pattern::Kind::code && pattern.pieces.size() == 1) return value(pattern.pieces.front());
  Pattern out{pattern.kind, {}};
  for (const Piece& piece : pattern.pieces) {
    if (piece.variable == Piece::literal) {
      append(out, piece);
    } else {
      for (const Piece& inner : value(piece).pieces) append(out, composed(piece, inner));
    }
  }
  return out;
}

Expr written(const Pattern& pattern) {
  const bool one = pattern.pieces.size() == 1;
  const bool literal = pattern.constant();
  switch (pattern.kind) {
    case Pattern::Kind::code:
      return literal && !pattern.code.flat().empty() ? pattern.code : bracketed(concatenated(pattern));
    case Pattern::Kind::number:
      return plain(literal ? pattern.pieces.front().text : arithmetic(pattern.pieces.front()));
    case Pattern::Kind::text:
      break;
  }
  if (literal) return plain(quoted(pattern.pieces.empty() ? std::string() : pattern.pieces.front().text));
  return plain(one && pattern.pieces.front().variable == python_string ? pattern.pieces.front().text : f_string(pattern));
}

std::string range(const Item& loop, const Scope& scope) {
  const Pattern first = resolved(loop.arguments[0].value, scope), last = resolved(loop.arguments[1].value, scope);
  const std::string stop = written(plus(last, loop.step)).flat(), start = written(first).flat();
  const std::string by = loop.step == 1 ? "" : ", " + std::to_string(loop.step);
  return "range(" + (start == "0" && by.empty() ? std::string() : start + ", ") + stop + by + ")";
}

std::vector<Expr> layer_arguments(const Callee& callee, const Item& item, const Scope& scope) {
  std::vector<Expr> out;
  for (size_t i = item.loop ? loop_bounds : 0; i < item.arguments.size(); ++i) {
    const Argument& argument = item.arguments[i];
    const size_t place = argument.place - (item.loop ? loop_bounds : 0);
    const Pattern value = resolved(argument.value, scope);
    const auto otherwise = callee.defaults.find(place);
    if (otherwise != callee.defaults.end() && otherwise->second.value == value) continue;
    out.push_back(place < callee.positional ? written(value) : keyword(argument.key, written(value)));
  }
  return out;
}

Expr call_expr(const Program& program, const Item& item, const Scope& scope, const std::vector<std::string>& inputs,
               const std::string& front) {
  std::vector<Expr> tensors;
  for (const std::string& input : inputs) tensors.push_back(plain(input));
  if (item.call) {
    const Function& function = program.functions[static_cast<size_t>(item.callee)];
    for (Expr& one : function_arguments(function, item, scope)) tensors.push_back(std::move(one));
    return call_of(front + function.name, std::move(tensors));
  }
  const Callee& callee = program.callees[static_cast<size_t>(item.callee)];
  if (callee.operation) return bracketed(front + operation_text(callee.text, inputs));
  Expr out = call_of(front + callee.text, layer_arguments(callee, item, scope));
  if (callee.list) tensors = {{{}, "[", std::move(tensors), "]"}};
  tensors.insert(tensors.end(), callee.keywords.begin(), callee.keywords.end());
  out.given = std::move(tensors);
  return out;
}

size_t statement_lines(const Program& program, const Item& item, const std::vector<Parameter>& parameters) {
  Scope scope;
  for (const Parameter& parameter : parameters) scope.parameters.push_back(variable(parameter.name, parameter.kind));
  scope.counter = variable("i", Pattern::Kind::number);
  if (item.loop) scope.indent += indentation;
  const std::vector<std::string> inputs(item.inputs.size(), "x");
  const std::string text = laid_out(call_expr(program, item, scope, inputs, "x = "), scope.indent);
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + (item.loop ? 1 : 0);
}

}  // namespace keraft::emit
