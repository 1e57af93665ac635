#include "cards/code.h"

#include <algorithm>

#include "ir/lexer.h"

namespace keraft::cards {
namespace {

constexpr int deepest = 16;

class Parser {
 public:
  Parser(const OpCard& card, const std::string& text) : card_(card), in_(text) {}

  CodeExpr run() {
    CodeExpr out = value(0);
    if (!in_.done() || out.kind != CodeExpr::Kind::call) in_.fail("one call of keras.ops expected");
    return out;
  }

 private:
  CodeExpr value(int depth) {
    if (depth > deepest) in_.fail("calls nested too deeply");
    CodeExpr out;
    if (in_.take('{')) {
      placeholder(out);
    } else if (in_.take('[')) {
      out.kind = CodeExpr::Kind::list;
      while (!in_.take(']')) {
        out.parts.push_back(value(depth + 1));
        if (in_.peek() != ']') in_.expect(',');
      }
    } else if (std::isalpha(static_cast<unsigned char>(in_.peek()))) {
      word(in_.identifier(), out, depth);
    } else {
      out.literal = in_.value();
    }
    return out;
  }

  void placeholder(CodeExpr& out) {
    out.name = in_.identifier();
    if (in_.take(':')) out.codec = in_.identifier();
    in_.expect('}');
    if (out.name == "out.shape") {
      out.kind = CodeExpr::Kind::shape;
      return;
    }
    if (out.name.find_first_not_of("0123456789") == std::string::npos) {
      out.kind = CodeExpr::Kind::input;
      out.index = std::stoll(out.name.substr(0, 4));
      if (static_cast<size_t>(out.index) >= card_.ins.size()) in_.fail("no input " + out.name);
      return;
    }
    for (size_t i = 0; i < card_.ins.size(); ++i) {
      if (card_.ins[i].name != out.name) continue;
      out.kind = CodeExpr::Kind::input;
      out.index = static_cast<int64_t>(i);
      return;
    }
    out.kind = CodeExpr::Kind::attr;
    const auto& known = card_.attributes;
    if (std::none_of(known.begin(), known.end(), [&](const auto& a) { return a.name == out.name; })) {
      in_.fail("neither input nor attribute: " + out.name);
    }
  }

  void word(const std::string& name, CodeExpr& out, int depth) {
    if (name == "True" || name == "False") {
      out.literal = name == "True";
    } else if (name != "None") {
      call(name, out, depth);
    }
  }

  void call(const std::string& name, CodeExpr& out, int depth) {
    out.kind = CodeExpr::Kind::call;
    out.op = name.starts_with("ops.") ? keras_function(name.substr(4)) : nullptr;
    if (!out.op) in_.fail("not a function of keras.ops that files can hold: " + name);
    in_.expect('(');
    size_t next = 0;
    while (!in_.take(')')) {
      const KerasOp::Param* param = nullptr;
      CodeExpr part;
      // A parameter's name looks like the begin of a call.
      if (std::isalpha(static_cast<unsigned char>(in_.peek()))) {
        const std::string word = in_.identifier();
        if (in_.take('=')) {
          param = out.op->param(word);
          if (!param) in_.fail(name + " has no parameter " + word);
          part = value(depth + 1);
        } else {
          this->word(word, part, depth + 1);
        }
      } else {
        part = value(depth + 1);
      }
      if (!param) {
        if (next >= out.op->params.size()) in_.fail("too many arguments of " + name);
        param = &out.op->params[next];
        if (!param->variadic) ++next;
      }
      out.parts.push_back(std::move(part));
      out.params.push_back(param->name);
      if (in_.peek() != ')') in_.expect(',');
    }
    if (in_.take('[')) {
      const Value index = in_.value();
      if (!index.get<int64_t>()) in_.fail("an index expected");
      out.index = *index.get<int64_t>();
      in_.expect(']');
    }
  }

  const OpCard& card_;
  ir::Lexer in_;
};

}  // namespace

CodeExpr parse_code(const OpCard& card, const std::string& text) {
  try {
    return Parser(card, text).run();
  } catch (const Error& error) {
    throw Error(error.status(), "the code of " + card.name() + ": " + error.message());
  }
}

void mentioned(const CodeExpr& expr, std::set<size_t>& inputs, std::set<std::string, std::less<>>& attributes) {
  if (expr.kind == CodeExpr::Kind::input) inputs.insert(static_cast<size_t>(expr.index));
  if (expr.kind == CodeExpr::Kind::attr) attributes.insert(expr.name);
  if (expr.kind == CodeExpr::Kind::shape) attributes.insert("*");
  for (const CodeExpr& part : expr.parts) mentioned(part, inputs, attributes);
}

}  // namespace keraft::cards
