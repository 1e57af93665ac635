#include "emit/program_text.h"

#include <algorithm>
#include <utility>

#include "emit/arguments.h"
#include "emit/call_text.h"

namespace keraft::emit {
namespace {

bool uses_counter(const Item& loop) {
  return std::any_of(loop.arguments.begin(), loop.arguments.end(), [](const Argument& one) { return one.value.counts(); });
}

class Writer {
 public:
  Writer(const Program& program, const Graph& graph, bool stack)
      : program_(program), graph_(graph), stack_(stack), sites_(program.functions.size()) {
    for (const Item& item : program.items) count(item);
    for (const Function& function : program.functions) {
      for (const Item& item : function.body) count(item);
    }
    taken_ = module_names();
    for (const Function& function : program.functions) taken_.insert(function.name);
    const bool loops = std::any_of(program.items.begin(), program.items.end(), [](const Item& item) { return item.loop; });
    if (loops || !program.functions.empty()) taken_.insert({"y", "z", "i", "j", "k"});
    given_.insert(program.outputs.begin(), program.outputs.end());
  }

  ModelText text() {
    ModelText out;
    for (size_t i = 0; i < program_.functions.size(); ++i) {
      if (!inlined(i)) out.functions += "\n\n" + function(program_.functions[i]);
    }
    std::set<std::string> taken = taken_;
    Scope scope;
    scope.taken = &taken;
    main_ = &scope;
    if (stack_) {
      scope.indent = 3 * indentation;
      out.layers = {{}, "[", elements(program_.items, scope), "]"};
      return out;
    }
    out.body = statements(program_.items, scope, {});
    for (const auto* ports : {&graph_.inputs, &graph_.outputs}) {
      for (const Port& port : *ports) out.tensors.emplace(port.edge, tensor(port.edge, scope));
    }
    return out;
  }

 private:
  void count(const Item& item) {
    if (item.call) sites_[static_cast<size_t>(item.callee)] += item.loop && stack_ ? 2 : 1;
  }
  /// Functions that are called in one place stand there instead.
  bool inlined(size_t function) const { return sites_[function] == 1; }

  std::string function(const Function& function) {
    std::set<std::string> taken = taken_;
    Scope scope;
    scope.taken = &taken;
    std::vector<Expr> signature;
    if (!stack_) {
      for (size_t i = 0; i < function.tensors; ++i) {
        scope.tensors.push_back(free_tensor(function, i, taken));
        signature.push_back(plain(scope.tensors.back()));
      }
    }
    for (const Parameter& parameter : function.parameters) {
      taken.insert(parameter.name);
      scope.parameters.push_back(variable(parameter.name, parameter.kind));
    }
    for (const size_t i : function.in_order()) {
      const Parameter& parameter = function.parameters[i];
      signature.push_back(!parameter.otherwise ? plain(parameter.name)
                                               : keyword(parameter.name, written(*parameter.otherwise)));
    }
    const std::string head = laid_out(call_of("def " + function.name, std::move(signature)), 0, ":");
    if (!stack_) return head + statements(function.body, scope, "return");
    Expr list{"return ", "[", elements(function.body, scope), "]"};
    return head + laid_out(list, indentation);
  }

  /// x if the first statement alone reads it.
  std::string free_tensor(const Function& function, size_t tensor, std::set<std::string>& taken) const {
    if (tensor > 0) return free_name("other", taken);
    return read_later(function.body, tensor) ? free_name("inputs", taken) : "x";
  }

  static bool read_later(const std::vector<Item>& body, size_t tensor) {
    for (size_t i = 1; i < body.size(); ++i) {
      const auto& inputs = body[i].inputs;
      if (std::find(inputs.begin(), inputs.end(), tensor_edge(tensor)) != inputs.end()) return true;
    }
    return false;
  }

  /// `ending`: "return", the variable for the last result, or nothing.
  std::string statements(const std::vector<Item>& items, Scope& scope, const std::string& ending) {
    std::map<NodeId, std::vector<size_t>> readers;
    for (size_t i = 0; i < items.size(); ++i) {
      for (const Edge& edge : items[i].inputs) readers[edge.node].push_back(i);
    }
    std::string out;
    for (size_t i = 0; i < items.size(); ++i) {
      const Item& item = items[i];
      const bool last = i + 1 == items.size() && !ending.empty();
      std::vector<std::string> inputs;
      for (const Edge& edge : item.inputs) inputs.push_back(tensor(edge, scope));
      if (item.several) scope.lists.insert(item.result);
      if (last && ending == "return" && !item.loop && !is_inlined(item)) {
        out += laid_out(call_expr(program_, item, scope, inputs, "return "), scope.indent);
        continue;
      }
      const auto by = readers.find(item.result);
      const bool next = by != readers.end() && by->second == std::vector<size_t>{i + 1} && !is_given(item, scope);
      const std::string name = last ? (ending == "return" ? scope.chain : ending)
                                    : (next ? scope.chain : free_name(wanted(item, scope), *scope.taken));
      scope.names[item.result] = name;
      out += statement(item, scope, std::move(inputs), name);
      if (last && ending == "return") out += std::string(scope.indent, ' ') + "return " + name + "\n";
    }
    return out;
  }

  bool is_inlined(const Item& item) const { return item.call && inlined(static_cast<size_t>(item.callee)); }
  bool is_given(const Item& item, const Scope& scope) const { return &scope == main_ && given_.contains(item.result); }

  std::string statement(const Item& item, Scope& scope, std::vector<std::string> inputs, const std::string& name) {
    if (item.loop) return loop(item, scope, std::move(inputs), name);
    if (is_inlined(item)) return in_place(item, scope, inputs, name);
    if (!item.call) {
      if (const Callee& callee = program_.callees[static_cast<size_t>(item.callee)]; callee.shared >= 0)
        return shared(callee, item, scope, inputs, name);
    }
    return laid_out(call_expr(program_, item, scope, inputs, name + " = "), scope.indent);
  }

  /// What goes round is called as what only the next statement reads, unless that is something else that the loop wants.
  std::string loop(const Item& item, Scope& scope, std::vector<std::string> inputs, const std::string& wanted_name) {
    static const char* const counters[] = {"i", "j", "k"};
    const std::string margin(scope.indent, ' ');
    bool free = true;
    for (size_t i = 0; i < inputs.size(); ++i) free = free && (i == item.carried || inputs[i] != scope.chain);
    const std::string name = free ? scope.chain : wanted_name;
    std::string out;
    if (inputs[item.carried] != name) out += margin + name + " = " + inputs[item.carried] + "\n";
    inputs[item.carried] = name;
    const std::string counter =
        !uses_counter(item) ? "_" : (scope.loops < 3 ? counters[scope.loops] : free_name("i", *scope.taken));
    out += margin + "for " + counter + " in " + range(item, scope) + ":\n";
    const Pattern before = std::exchange(scope.counter, variable(counter, Pattern::Kind::number));
    scope.indent += indentation;
    ++scope.loops;
    out += is_inlined(item) ? in_place(item, scope, inputs, name)
                            : laid_out(call_expr(program_, item, scope, inputs, name + " = "), scope.indent);
    --scope.loops;
    scope.indent -= indentation;
    scope.counter = before;
    return name == wanted_name ? out : out + margin + wanted_name + " = " + name + "\n";
  }

  /// The statements of a function, where its call would stand.
  std::string in_place(const Item& item, Scope& scope, const std::vector<std::string>& inputs, const std::string& name) {
    const Function& function = program_.functions[static_cast<size_t>(item.callee)];
    Scope inner;
    inner.indent = scope.indent;
    inner.loops = scope.loops;
    inner.taken = scope.taken;
    inner.tensors = inputs;
    for (size_t i = item.loop ? loop_bounds : 0; i < item.arguments.size(); ++i)
      inner.parameters.push_back(resolved(item.arguments[i].value, scope));
    for (const char* chain : {"x", "y", "z"}) {
      bool kept = false;
      for (size_t i = 0; i < inputs.size(); ++i) kept = kept || (inputs[i] == chain && read_later(function.body, i));
      inner.chain = chain;
      if (!kept) break;
    }
    return statements(function.body, inner, name);
  }

  std::string shared(const Callee& callee, const Item& item, Scope& scope, const std::vector<std::string>& inputs,
                     const std::string& name) {
    std::string out;
    auto [object, fresh] = objects_.try_emplace(callee.shared);
    if (fresh) {
      const std::string& layer = graph_.layers[static_cast<size_t>(callee.shared)].name;
      object->second = free_name(identifier(layer) + "_layer", *scope.taken);
      out += laid_out(call_of(object->second + " = " + callee.text, layer_arguments(callee, item, scope)), scope.indent);
    }
    Expr made = call_expr(program_, item, scope, inputs, {});
    return out + laid_out(call_of(name + " = " + object->second, std::move(made.given)), scope.indent);
  }

  std::string tensor(Edge edge, const Scope& scope) const {
    if (is_tensor(edge)) return scope.tensors[tensor_of(edge)];
    const std::string& name = scope.names.at(edge.node);
    return scope.lists.contains(edge.node) ? name + "[" + std::to_string(edge.port) + "]" : name;
  }

  /// The variable that a result would like to have: in the model that of its node, in functions the end of its layer's name.
  std::string wanted(const Item& item, const Scope& scope) const {
    if (&scope == main_) return identifier(graph_.at(item.result).name);
    std::string end;
    for (const Argument& argument : item.arguments) {
      if (argument.value.kind != Pattern::Kind::text || argument.value.pieces.empty()) continue;
      const Piece& piece = argument.value.pieces.back();
      if (piece.variable == Piece::literal) end = piece.text;
    }
    const auto letter = std::find_if(end.begin(), end.end(), [](unsigned char c) { return std::isalpha(c); });
    return letter == end.end() ? "branch" : identifier(std::string(letter, end.end()));
  }

  /// The entries of a list of layers.
  std::vector<Expr> elements(const std::vector<Item>& items, Scope& scope) {
    std::vector<Expr> out;
    for (const Item& item : items) {
      if (item.loop) {
        out.push_back(comprehension(item, scope));
      } else if (is_inlined(item)) {
        const Function& function = program_.functions[static_cast<size_t>(item.callee)];
        Scope inner;
        for (const Argument& argument : item.arguments) inner.parameters.push_back(resolved(argument.value, scope));
        for (Expr& one : elements(function.body, inner)) out.push_back(std::move(one));
      } else {
        out.push_back(call_expr(program_, item, scope, {}, item.call ? "*" : ""));
      }
    }
    return out;
  }

  Expr comprehension(const Item& item, Scope& scope) {
    Expr out{"*", "[", {}, "]"};
    out.clauses = true;
    const Pattern before = std::exchange(scope.counter, variable("i", Pattern::Kind::number));
    const Expr made = call_expr(program_, item, scope, {}, {});
    scope.counter = before;
    const Expr counting = plain("for i in " + range(item, scope));
    if (item.call) {
      out.items = {plain("layer"), counting, plain("for layer in " + made.flat())};
    } else {
      out.items = {made, counting};
    }
    return out;
  }

  const Program& program_;
  const Graph& graph_;
  const bool stack_;
  std::vector<int> sites_;  ///< by function: in how many places it is called
  std::set<std::string> taken_;
  std::set<NodeId> given_;
  std::map<int32_t, std::string> objects_;  ///< by shared layer
  const Scope* main_ = nullptr;
};

}  // namespace

ModelText model_text(const Program& program, const Graph& graph, bool stack) { return Writer(program, graph, stack).text(); }

}  // namespace keraft::emit
