// Forms: small graphs in text, in the grammar in which graphs print.
//
//   form      = statement { statement }
//   statement = name { "," name } "=" Op "(" [ arg { "," arg } ] { "," attr "=" value } ")"
//   name      = identifier, or "_" for an output that nobody may read
//   arg       = identifier          a tensor: bound at its first use, the same one afterwards
//             | "*" identifier      any number of tensors
//             | "@" slot            a weight of the layer; "@kernel.T" reads it transposed
//             | number [ ":" dtype ]           a constant of which every element is this number
//             | "[" numbers "]" [ ":" dtype ]  a constant integer vector
//             | "$" field           a constant with one value, kept in the config; "$field[]" a constant vector
//   value     = number | "text" | true | false | [ … ] | "$" field [ ":" codec ]
//             | "_"               any value; without a word about an attribute it has its default
//
// Op is a TensorFlow op; "ir/Name" is one of keraft's own. The last statement's first name is the result.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keraft/value.hpp"

namespace keraft::ir {

struct FormArg {
  enum class Kind { tensor, list, weight, number, ints, field, field_list } kind = Kind::tensor;
  std::string name;  ///< tensor, list, weight slot or config field
  bool transposed = false;
  double number = 0;
  std::vector<int64_t> ints;
  DType dtype = DType::invalid;  ///< that a written constant has; invalid: a number has that of the inputs, a vector int32
};

struct FormAttr {
  std::string name;
  Value literal;
  std::string field;  ///< config field when not a literal
  bool any = false;   ///< "_"
  std::string codec;  ///< see codec.h; empty: as it is
};

struct Statement {
  std::vector<std::string> outputs;
  std::string op;  ///< with its namespace: "tf/MatMul"
  std::vector<FormArg> args;
  std::vector<FormAttr> attrs;
};

struct Form {
  std::string text;
  std::vector<Statement> statements;
  /// For each name, the statement and port that makes it; nothing for the form's inputs.
  const Statement* maker(std::string_view name, size_t* port = nullptr, size_t* index = nullptr) const;
  /// Names and lists that no statement makes, in order of first use.
  std::vector<std::string> inputs() const;
};

/// Throws Status::argument with the column for what is not a form.
Form parse_form(std::string_view text);
class Lexer;
/// Reads statements up to the end or to a "}", which stays. Throws as parse_form.
Form read_form(Lexer& in);

}  // namespace keraft::ir
