// A model as statements, functions and loops: what its code says, before it is text.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "emit/python_text.h"
#include "keraft/graph.hpp"

namespace keraft::emit {

/// Literal text, or a variable times and plus whole numbers.
struct Piece {
  static constexpr int literal = -1, counter = -2;

  std::string text;
  int variable = literal;  ///< `counter`: of the loop around; from 0: the function's parameter
  int64_t factor = 1, offset = 0;
  bool operator==(const Piece&) const = default;
};

/// A written value: Python code, a whole number, or a string (its contents, unquoted). A number is of one piece; code too, or
/// its variables are numbers in it.
struct Pattern {
  enum class Kind : uint8_t { code, number, text };

  Kind kind = Kind::code;
  std::vector<Piece> pieces;
  Expr code = {};  ///< what a literal piece of code is laid out from

  bool constant() const;
  bool counts() const;  ///< holds a loop's counter
  bool operator==(const Pattern& other) const { return kind == other.kind && pieces == other.pieces; }

  static Pattern of(Expr code);
  static Pattern of(int64_t number);
  static Pattern of(std::string text);
};

/// Of a number that is a literal.
int64_t number_of(const Pattern& pattern);
/// Adds a piece behind; literals are joined.
void append(Pattern& pattern, const Piece& piece);

struct Argument {
  std::string key;
  size_t place;  ///< its turn among the callee's
  Pattern value;
};

/// What statements call, but for their arguments: a layer's class with the arguments of its call, or an operation.
struct Callee {
  std::string text;            ///< "layers.Conv2D"; of an operation the call, its k-th input as "\x01k\x02"
  bool operation = false;      ///< has no arguments: they stand in the text
  bool lone = false;           ///< never part of a function or loop: an input, a layer that is called more than once
  int32_t shared = -1;         ///< the layer that is called more than once
  bool list = false;           ///< takes its inputs as a list
  std::vector<Expr> keywords;  ///< of the call
  size_t positional = 0;       ///< arguments at earlier places stand without their key
  std::map<size_t, Argument> defaults = {};  ///< by place: what the argument is where it is not given
};

/// Arguments of a loop in front of those of what it calls: its counter's first and last value.
inline constexpr size_t loop_bounds = 2;

/// `inputs` are results of items in the same list or, in functions, its tensors.
struct Item {
  bool call = false;  ///< of the function `callee`, not of the callee of that index
  int callee = 0;
  std::vector<Argument> arguments;  ///< by place; of a call all parameters; the string argument is a layer's name
  std::vector<Edge> inputs;
  NodeId result = no_node;  ///< the node that has it as its output; in functions of the first run that became the function
  bool several = false;     ///< the result is a list of tensors
  /// Of a loop: `callee` is called while the counter goes from first to last; each result is the next one's input `carried`.
  /// `loop_bounds` more arguments stand in front.
  bool loop = false;
  size_t carried = 0;
  int64_t step = 1;
  std::vector<NodeId> results = {};  ///< of a loop: each step's
  size_t lines = 0;                  ///< that it takes as a statement of its own
};

/// The edge that is a function's k-th tensor.
inline Edge tensor_edge(size_t k) { return {-2 - static_cast<NodeId>(k), 0}; }
inline bool is_tensor(Edge edge) { return edge.node <= -2; }
inline size_t tensor_of(Edge edge) { return static_cast<size_t>(-2 - edge.node); }

struct Parameter {
  std::string name;
  Pattern::Kind kind;
  bool positional;  ///< calls give it without its name
  std::optional<Pattern> otherwise = {};
};

struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  size_t tensors = 1;
  std::vector<Item> body;  ///< the last one's result is the function's

  /// The parameters as the signature has them: those without their names, numbers and code, names, those with a default.
  std::vector<size_t> in_order() const;
};

struct Program {
  std::vector<Callee> callees;
  std::vector<Function> functions;  ///< each calls earlier ones only
  std::vector<Item> items;
  std::vector<NodeId> outputs;  ///< nodes that must keep a name of their own: the model's inputs and outputs
};

/// Names that a module has beside its functions, and the one of a tensor that only the next statement reads: x.
const std::set<std::string>& module_names();

}  // namespace keraft::emit
