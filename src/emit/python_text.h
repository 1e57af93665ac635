// Python source, laid out as black lays it out.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/value.hpp"

namespace keraft::emit {

/// What may be broken into lines: text before, then items in brackets, then those of a call of the result; without brackets a
/// plain text.
struct Expr {
  std::string text;
  std::string open;
  std::vector<Expr> items;
  std::string close;
  std::vector<Expr> given = {};
  bool clauses = false;  ///< items are those of a comprehension: "[", "f(i)", "for i in range(3)", "]"

  std::string flat() const;
};
inline Expr plain(std::string text) { return {std::move(text), {}, {}, {}}; }
/// The same of text that ends with a bracket: "ops.pad(x, [[1, 2]])".
Expr bracketed(std::string_view text);

/// A statement at that indentation, ended with a new line; `behind` stands at its end.
std::string laid_out(const Expr& expr, size_t indent, const std::string& behind = {});

/// 0.0001, not 1e-04, but 1.001e-05; infinities and NaN by numpy.
std::string number_text(const Value& number);
/// The shortest number that is this float32.
std::string float_text(double value);
/// tf.float32
std::string dtype_text(DType dtype);
/// [[a, b], [c, d]] of the elements of a tensor.
std::string nested_lists(const std::vector<std::string>& elements, const std::vector<int64_t>& dims);
/// "reduce_sum" → ReduceSum
std::string camel(std::string_view name);

/// "layer 1" → layer_1: a name that Python allows and does not use itself.
std::string identifier(const std::string& name);
/// `wanted`, with a number behind it where that is taken; taken then.
std::string free_name(const std::string& wanted, std::set<std::string>& taken);
/// A string, as black writes it.
std::string quoted(const std::string& text);

}  // namespace keraft::emit
