#include "ir/form.h"

#include <algorithm>

#include "ir/lexer.h"

namespace keraft::ir {
namespace {

DType type(Lexer& in) {
  if (!in.take(':')) return DType::invalid;
  const std::string name = in.identifier();
  const DType out = dtype_named(name);
  if (out == DType::invalid) in.fail("no type is called " + name);
  return out;
}

FormArg argument(Lexer& in) {
  FormArg out;
  if (in.take('*')) {
    out.kind = FormArg::Kind::list;
    out.name = in.identifier();
  } else if (in.take('@')) {
    out.kind = FormArg::Kind::weight;
    out.name = in.identifier();
    if (out.name.ends_with(".T")) {
      out.transposed = true;
      out.name.resize(out.name.size() - 2);
    }
  } else if (in.take('$')) {
    out.kind = FormArg::Kind::field;
    out.name = in.identifier();
    if (in.take('[')) {
      in.expect(']');
      out.kind = FormArg::Kind::field_list;
    }
  } else if (in.peek() == '[') {
    const auto ints = in.value().as_ints();
    if (!ints) in.fail("a list of integers expected");
    out.kind = FormArg::Kind::ints;
    out.ints = *ints;
    out.dtype = type(in);
  } else if (std::string_view("-.0123456789").find(in.peek()) != std::string_view::npos) {
    out.kind = FormArg::Kind::number;
    out.number = *in.value().number();
    out.dtype = type(in);
  } else {
    out.name = in.identifier();
  }
  return out;
}

FormAttr attribute(Lexer& in, std::string name) {
  FormAttr out{std::move(name), {}, {}, false, {}};
  if (in.take('_')) {
    out.any = true;
    return out;
  }
  if (!in.take('$')) {
    out.literal = in.value();
    return out;
  }
  out.field = in.identifier();
  if (in.take(':')) out.codec = in.identifier();
  return out;
}

Statement statement(Lexer& in) {
  Statement out;
  do out.outputs.push_back(in.identifier());
  while (in.take(','));
  in.expect('=');
  out.op = in.identifier();
  if (!out.op.starts_with("ir/")) out.op = "tf/" + out.op;
  in.expect('(');
  while (!in.take(')')) {
    FormArg arg = argument(in);
    if (arg.kind == FormArg::Kind::tensor && in.take('=')) {
      out.attrs.push_back(attribute(in, arg.name));
    } else {
      if (!out.attrs.empty()) in.fail("inputs come before attributes");
      out.args.push_back(std::move(arg));
    }
    if (in.peek() != ')') in.expect(',');
  }
  return out;
}

}  // namespace

const Statement* Form::maker(std::string_view name, size_t* port, size_t* index) const {
  for (size_t i = 0; i < statements.size(); ++i) {
    const auto& outputs = statements[i].outputs;
    const auto found = std::find(outputs.begin(), outputs.end(), name);
    if (found == outputs.end()) continue;
    if (port) *port = static_cast<size_t>(found - outputs.begin());
    if (index) *index = i;
    return &statements[i];
  }
  return nullptr;
}

std::vector<std::string> Form::inputs() const {
  std::vector<std::string> out;
  for (const Statement& statement : statements) {
    for (const FormArg& arg : statement.args) {
      const bool named = arg.kind == FormArg::Kind::tensor || arg.kind == FormArg::Kind::list;
      if (named && !maker(arg.name) && std::find(out.begin(), out.end(), arg.name) == out.end()) out.push_back(arg.name);
    }
  }
  return out;
}

Form read_form(Lexer& in) {
  const size_t begin = in.position();
  Form out;
  while (!in.done() && in.peek() != '}') out.statements.push_back(statement(in));
  if (out.statements.empty()) in.fail("an empty form");
  out.text = in.since(begin);
  return out;
}

Form parse_form(std::string_view text) {
  Lexer in(text);
  Form out = read_form(in);
  if (!in.done()) in.fail("'}' without a beginning");
  return out;
}

}  // namespace keraft::ir
