// The text of OpCard::code: a Python call of keras.ops.
//
//   call  = "ops." function "(" [ arg { "," arg } ] ")" [ "[" index "]" ]
//   arg   = [ name "=" ] value                             in the order of the function's parameters, or by name
//   value = call | number | "text" | True | False | None | "[" values "]"
//         | "{" input "}"                                  an input by number or name; a list of inputs is a list
//         | "{" name [ ":" codec ] "}"                     attribute or constant input; codecs: those of forms (cards/codec.h);
//                                                          only ([3] as 3), minus (3 as -3), cuts (sizes [1, 2, 1] as the
//                                                          places [1, 3] where they are cut)
//         | "{out.shape}"                                  the sizes of the first result
//
// What neither text nor conditions mention must have its default.
#pragma once

#include <set>

#include "cards/keras_op.h"
#include "cards/op_card.h"

namespace keraft::cards {

struct CodeExpr {
  enum class Kind { call, input, attr, shape, literal, list } kind = Kind::literal;
  std::string name;             ///< of the attribute
  std::string codec;            ///< of an attribute or input
  const KerasOp* op = nullptr;  ///< of a call
  int64_t index = 0;            ///< of an input in OpCard::ins; which result of a call
  Value literal;
  std::vector<CodeExpr> parts;      ///< of a list or call
  std::vector<std::string> params;  ///< of a call: the parameter of each part
};

/// Throws Status::argument for text out of the grammar, and for functions, parameters, inputs and attributes that do not exist.
CodeExpr parse_code(const OpCard& card, const std::string& text);

/// Inputs (by number in OpCard::ins) and attributes that the text mentions; "*" where the sizes of the result say all of them.
void mentioned(const CodeExpr& expr, std::set<size_t>& inputs, std::set<std::string, std::less<>>& attributes);

}  // namespace keraft::cards
