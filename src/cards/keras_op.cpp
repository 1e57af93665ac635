#include "cards/keras_op.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/string.h"
#include "ir/lexer.h"

namespace keraft::cards {
namespace {

struct Row {
  const char *module, *cls, *keras, *tensorflow;
};

constexpr Row rows[] = {
#define KERAS_OP(module, cls, keras, tensorflow) {#module, #cls, keras, tensorflow},
#include "cards/keras_ops.inc"
#undef KERAS_OP
};

KerasOp::Param param(ir::Lexer& in) {
  KerasOp::Param out;
  out.list = in.take('[');
  out.variadic = in.take('*');
  out.name = in.identifier();
  if (out.list) in.expect(']');
  if (in.take(':')) {
    const std::string type = in.identifier();
    out.like_input = type == "T";
    if (!out.like_input) out.dtype = dtype_named(type);
  }
  if (in.take('!')) out.setting = true;
  if (in.take('=')) {
    out.setting = true;
    out.fallback = in.value();
  }
  return out;
}

KerasOp::Twin twin(ir::Lexer& in) {
  KerasOp::Twin out;
  const bool list = in.take('[');
  out.name = in.identifier();
  if (list) in.expect(']');
  if (in.take(':')) out.codec = in.identifier();
  if (in.take('=')) out.fixed = in.value();
  return out;
}

template <class T>
std::string signature(ir::Lexer in, std::vector<T>& arguments, T (*read)(ir::Lexer&), bool* gives_list = nullptr) {
  std::string name = in.identifier();
  if (gives_list && in.take('[')) {
    in.expect(']');
    *gives_list = true;
  }
  in.expect('(');
  while (!in.take(')')) {
    arguments.push_back(read(in));
    if (in.peek() != ')') in.expect(',');
  }
  return name;
}

struct Table {
  std::vector<KerasOp> all, aliases;
  std::map<std::string, const KerasOp*, std::less<>> by_class, by_function, by_tensorflow;

  Table() {
    all.reserve(std::size(rows));
    for (const Row& row : rows) {
      KerasOp& op = all.emplace_back();
      op.module = row.module;
      op.cls = row.cls;
      op.function = signature<KerasOp::Param>(ir::Lexer(row.keras), op.params, param, &op.gives_list);
      if (!*row.tensorflow) continue;
      const std::vector<std::string> functions = base::split(row.tensorflow, '|');
      op.tensorflow = signature<KerasOp::Twin>(ir::Lexer(functions.front()), op.twins, twin);
      for (size_t i = 1; i < functions.size(); ++i) {
        KerasOp& alias = aliases.emplace_back(op);
        alias.twins.clear();
        alias.tensorflow = signature<KerasOp::Twin>(ir::Lexer(functions[i]), alias.twins, twin);
      }
    }
    for (const KerasOp& alias : aliases) by_tensorflow.emplace(alias.tensorflow, &alias);
    for (const KerasOp& op : all) {
      by_class.emplace(op.cls, &op);
      by_function.emplace(op.function, &op);
      if (!op.tensorflow.empty()) by_tensorflow.emplace(op.tensorflow, &op);
    }
  }
};

const Table& table() {
  static const Table out;
  return out;
}

const KerasOp* found(const std::map<std::string, const KerasOp*, std::less<>>& index, std::string_view name) {
  const auto at = index.find(name);
  return at == index.end() ? nullptr : at->second;
}

}  // namespace

Value sizes_of(const std::vector<int64_t>& cuts) {
  std::vector<int64_t> out;
  int64_t last = 0;
  for (const int64_t cut : cuts) {
    out.push_back(cut - last);
    last = cut;
  }
  out.push_back(-1);
  return Value::ints(out);
}

std::optional<Value> cuts_of(const std::vector<int64_t>& sizes) {
  std::vector<int64_t> out;
  int64_t last = 0;
  for (size_t i = 0; i + 1 < sizes.size(); ++i) {
    if (sizes[i] < 0 || sizes[i] > INT32_MAX) return std::nullopt;
    out.push_back(last += sizes[i]);
  }
  return Value::ints(out);
}

const KerasOp::Param* KerasOp::param(std::string_view name) const {
  const auto at = std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == name; });
  return at == params.end() ? nullptr : &*at;
}

std::optional<Value> KerasOp::to_tensorflow(const Twin& twin, const Value& value) {
  if (twin.codec == "list") return value.get<int64_t>() ? std::optional(Value(List{value})) : value;
  if (twin.codec == "sizes") {
    const auto cuts = value.as_ints();
    return cuts ? sizes_of(*cuts) : value;
  }
  return value;
}

std::optional<Value> KerasOp::from_tensorflow(const Twin& twin, const Value& value) {
  const auto ints = value.as_ints();
  if (twin.codec == "list") return ints && ints->size() == 1 ? Value(ints->front()) : value;
  if (twin.codec == "sizes") return ints ? cuts_of(*ints) : value;
  return value;
}

const KerasOp* keras_op(std::string_view cls) { return found(table().by_class, cls); }
const KerasOp* keras_function(std::string_view function) { return found(table().by_function, function); }
const KerasOp* tensorflow_function(std::string_view name) { return found(table().by_tensorflow, name); }

}  // namespace keraft::cards
