#include "emit/tensorflow_body.h"

#include <algorithm>

#include "base/string.h"
#include "cards/class_names.h"
#include "emit/python_text.h"
#include "emit/tensorflow_call.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

constexpr size_t line_width = 88, deepest = 2;

/// How many calls stand in one another.
size_t call_depth(const std::string& text) {
  std::vector<bool> calls;
  size_t depth = 0, most = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[') {
      calls.push_back(text[i] == '(' && i > 0 && (std::isalnum(static_cast<unsigned char>(text[i - 1])) || text[i - 1] == '_'));
      depth += calls.back();
      most = std::max(most, depth);
    } else if ((text[i] == ')' || text[i] == ']') && !calls.empty()) {
      depth -= calls.back();
      calls.pop_back();
    }
  }
  return most;
}

bool is_mark(const Node& node) { return node.op.starts_with("ir/"); }

class BodyWriter {
 public:
  BodyWriter(const BodySource& source, const std::vector<Named>& given) : source_(source), graph_(source.graph) {
    for (const Named& one : given) {
      State& state = states_[one.edge];
      state.term.text = one.name;
      state.given = true;
      holders_[one.name] = one.edge;
      given_.insert(one.edge);
    }
  }

  Body run(const std::vector<Edge>& results, bool updates) {
    for (const Edge& result : results) need(behind(source_, result));
    if (updates) need_updates();
    for (const NodeId id : source_.order) {
      if (needed_.contains(id)) nodes_.push_back(id);
    }
    count(results);
    single_ = results.size() == 1;
    for (size_t i = 0; i < nodes_.size(); ++i) statement(i);
    finish(results);
    if (!lost_.empty()) throw Error(Status::unsupported, "TensorFlow code cannot say:" + lost_);
    return std::move(out_);
  }

 private:
  struct State {
    Term term;                ///< the variable, or while it is pending the expression
    std::vector<Edge> reads;  ///< of a pending expression: variables
    bool pending = false, several = false, given = false;
  };

  const Node& at(NodeId id) const { return graph_.at(id); }
  Edge key(Edge edge) const { return given_.contains(edge) ? edge : Edge{edge.node, 0}; }
  NodeId block(NodeId id) const { return source_.blocks.at(static_cast<size_t>(id)); }
  std::vector<Edge> inputs(const Node& node) const {
    std::vector<Edge> out;
    for (const Edge& edge : node.inputs) out.push_back(behind(source_, edge));
    return out;
  }

  void need(Edge edge) {
    std::vector<Edge> todo{edge};
    while (!todo.empty()) {
      const Edge next = todo.back();
      todo.pop_back();
      if (given_.contains(next) || !needed_.insert(next.node).second) continue;
      for (const Edge& one : inputs(at(next.node))) todo.push_back(one);
    }
  }

  /// What training leaves in the variables of the layers that are computed here.
  void need_updates() {
    std::set<NodeId> blocks;
    for (const NodeId id : needed_) blocks.insert(block(id));
    for (const NodeId id : source_.order) {
      if (at(id).op == "ir/Update" && blocks.contains(block(id))) need({id, 0});
    }
  }

  void count(const std::vector<Edge>& results) {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      place_[nodes_[i]] = i;
      for (const Edge& edge : inputs(at(nodes_[i]))) {
        ++left_[key(edge)];
        reader_[key(edge)] = i;
        beyond_first_[edge.node] = beyond_first_[edge.node] || edge.port != 0;
        if (block(edge.node) == block(nodes_[i])) inner_.insert(edge.node);
      }
    }
    for (const Edge& result : results) {
      const Edge edge = behind(source_, result);
      ++left_[key(edge)];
      reader_[key(edge)] = nodes_.size();
      beyond_first_[edge.node] = beyond_first_[edge.node] || edge.port != 0;
    }
    for (const NodeId id : nodes_) {
      if (at(id).op != "ir/ByMode") continue;
      const Edge from = key(behind(source_, at(id).inputs.at(0)));
      if (at(from.node).op != "ir/Weight") wanted_name_[from] = local_name(id);
    }
  }

  Term constant(NodeId id) {
    const auto value = at(id).attrs.find("value");
    const Tensor* tensor = value == at(id).attrs.end() ? nullptr : value->second.get<Tensor>();
    if (!tensor) throw Error(Status::unsupported, "a constant without a value", {{}, {}, at(id).name});
    if (auto term = literal(*tensor)) return *term;
    return attribute(id);
  }

  Term attribute(NodeId id) {
    const auto found = source_.attributes.find(id);
    if (found == source_.attributes.end()) throw Error(Status::internal, "a variable has no name", {{}, {}, at(id).name});
    out_.read.insert(id);
    return {"self." + found->second};
  }

  /// The tensor as it can be read now; pending ones as expressions.
  Term term(Edge edge) {
    if (!given_.contains(edge)) {
      if (at(edge.node).op == "tf/Const") return constant(edge.node);
      if (at(edge.node).op == "ir/Weight") return attribute(edge.node);
    }
    const State& state = states_.at(key(edge));
    if (!state.several) return state.term;
    return {(state.term.level < Term::atom ? "(" + state.term.text + ")" : state.term.text) + "[" + std::to_string(edge.port) +
            "]"};
  }

  bool is_pending(Edge edge) const {
    const auto found = states_.find(key(edge));
    return found != states_.end() && found->second.pending;
  }

  // Statements.

  void statement(size_t i) {
    const NodeId id = nodes_[i];
    const Node& node = at(id);
    if (node.layer < 0 && (node.op == "tf/Const" || node.op == "ir/Weight")) return;
    try {
      block_now_ = block(id);
      if (node.op == "ir/Input") throw Error(Status::internal, "an input without a name", {{}, {}, node.name});
      if (node.op == "ir/ByMode" || node.op == "ir/Update") return modes(i);
      if (in_modes_.contains(id)) return;
      if (starts_modes(i)) return;
      if (is_mark(node)) return mark(id);
      compute(i);
    } catch (const Error& error) {
      if (error.status() != Status::unsupported) throw;
      lost_ += "\n  " + base::escaped(node.name) + ": " + error.message();
      State& state = states_[{id, 0}];
      state.term.text = "None";
      state.several = true;
    }
  }

  /// The node's expression; what stands pending is written first where the line would become long.
  struct Made {
    Term term;
    std::vector<Edge> reads;
    bool several = false;
  };
  Made made(NodeId id) {
    const Node& node = at(id);
    const std::vector<Edge> from = inputs(node);
    const Wording words = wording(graph_, node, source_.registry, !beyond_first_[id]);
    const OpCard* card = source_.registry.op(node.op);
    for (size_t i = 0; card && i < from.size(); ++i) {
      if (is_pending(from[i]) && words.repeats(*card, i)) flush(key(from[i]));
    }
    for (;;) {
      std::vector<Term> terms;
      for (const Edge& edge : from) terms.push_back(term(edge));
      Made out{said(node, source_.registry, words, terms), {}, words.several};
      const bool fits = out.term.text.size() + indent_ + 4 <= line_width && call_depth(out.term.text) <= deepest;
      Edge largest{no_node, 0};
      size_t most = 0;
      for (const Edge& edge : from) {
        if (!is_pending(edge)) continue;
        const size_t size = states_.at(key(edge)).term.text.size();
        if (size > most) largest = key(edge), most = size;
      }
      if (fits || largest.node == no_node) {
        for (const Edge& edge : from) {
          const auto found = states_.find(key(edge));
          if (found == states_.end()) continue;
          if (found->second.pending)
            out.reads.insert(out.reads.end(), found->second.reads.begin(), found->second.reads.end());
          else
            out.reads.push_back(key(edge));
        }
        return out;
      }
      flush(largest);
    }
  }

  void compute(size_t i) {
    const NodeId id = nodes_[i];
    const Edge self{id, 0};
    Made made = this->made(id);
    State& state = states_[self];
    state.several = made.several;
    if (left_[self] == 0) {  // Assert and the like: nothing reads it
      for (const Edge& edge : made.reads) --left_[edge];
      return line(bracketed(made.term.text));
    }
    if (can_wait(i, made)) {
      state.term = made.term;
      state.reads = std::move(made.reads);
      state.pending = true;
      return;
    }
    assign(self, made.term.text, made.reads);
  }

  bool can_wait(size_t i, const Made& made) const {
    const NodeId id = nodes_[i];
    if (made.several && beyond_first_.at(id)) return false;
    if (left_.at({id, 0}) != 1 || wanted_name_.contains({id, 0})) return false;
    const OpCard* card = source_.registry.op(at(id).op);
    if (card && card->effects) return false;
    const size_t reader = reader_.at({id, 0});
    if (reader == nodes_.size()) return single_ && last_statement(i);
    const Node& next = at(nodes_[reader]);
    if (is_mark(next) && !in_modes_.contains(nodes_[reader])) return false;
    if (in_modes_.contains(id) != in_modes_.contains(nodes_[reader])) return false;
    if (block(nodes_[reader]) == block(id)) return true;
    const bool sum = made.term.level < Term::sign && call_depth(made.term.text) == 0;
    return sum && made.term.text.find("self.") == std::string::npos && block(nodes_[reader]) == next_block(i);
  }

  bool last_statement(size_t i) const {
    for (size_t j = i + 1; j < nodes_.size(); ++j) {
      if (at(nodes_[j]).op != "tf/Const" && at(nodes_[j]).op != "ir/Weight") return false;
    }
    return true;
  }

  /// Of the next statement that is of another block.
  NodeId next_block(size_t i) const {
    for (size_t j = i + 1; j < nodes_.size(); ++j) {
      const bool silent = at(nodes_[j]).op == "tf/Const" || at(nodes_[j]).op == "ir/Weight";
      if (!silent && block(nodes_[j]) != block(nodes_[i])) return block(nodes_[j]);
    }
    return no_node;
  }

  void flush(Edge self) {
    State& state = states_.at(self);
    state.pending = false;
    const std::string text = state.term.text;
    const auto reads = std::move(state.reads);
    state.reads.clear();
    assign(self, text, reads);
  }

  void assign(Edge self, const std::string& text, const std::vector<Edge>& reads) {
    for (const Edge& edge : reads) --left_[edge];
    State& state = states_[self];
    // Expressions that still wait for a variable keep it.
    const std::string name = choose_name(self);
    line(bracketed(name + " = " + text));
    holders_[name] = self;
    state.term = {name};
    state.pending = false;
  }

  // Names.

  bool is_free(const std::string& name) const {
    if (source_.reserved.contains(name)) return false;
    const auto holder = holders_.find(name);
    if (holder == holders_.end()) return true;
    const auto left = left_.find(holder->second);
    return left == left_.end() || left->second <= 0;
  }

  std::string free(const std::string& wanted) const {
    std::string out = wanted;
    for (int number = 2; !is_free(out); ++number) out = wanted + "_" + std::to_string(number);
    return out;
  }

  std::string local_name(NodeId id) const {
    const std::string& name = at(id).name;
    return identifier(cards::snake_case(name.substr(name.rfind('/') + 1)));
  }

  std::string choose_name(Edge self) {
    if (const auto wanted = wanted_name_.find(self); wanted != wanted_name_.end()) return free(wanted->second);
    const auto place = place_.find(self.node);
    const size_t i = place == place_.end() ? 0 : place->second, reader = reader_.at(self);
    const bool near = reader == nodes_.size()
                          ? single_ && last_statement(i)
                          : block(nodes_[reader]) == block(self.node) || block(nodes_[reader]) == next_block(i);
    if (left_.at(self) == 1 && near && is_free("x")) return "x";
    // Ops on the way to what a layer gives have names below the layer's.
    return free(!inner_.contains(self.node) ? identifier(at(self.node).name) : local_name(self.node));
  }

  /// A layer with weights begins a paragraph.
  void begin(bool weights) {
    if (weights && !out_.code.empty() && indent_ == 8 && paragraph_ != block_now_) out_.code += "\n";
    if (weights) paragraph_ = block_now_;
  }

  void line(const Expr& expr, bool paragraph = false) {
    const std::string flat = expr.flat();
    begin(paragraph || flat.find("self.") != std::string::npos);
    if (indent_ + flat.size() > line_width && expr.items.empty() && flat.find(" = ") != std::string::npos) {
      const size_t equals = flat.find(" = ") + 3;
      const std::string margin(indent_, ' ');
      out_.code += margin + flat.substr(0, equals) + "(\n" + margin + "    " + flat.substr(equals) + "\n" + margin + ")\n";
      return;
    }
    out_.code += laid_out(expr, indent_);
  }

  // Training.

  /// A mark: training computes it, otherwise it is its input.
  void mark(NodeId id) {
    const Edge from = behind(source_, at(id).inputs.at(0)), self{id, 0};
    if (is_pending(from)) flush(key(from));
    const OpCard* card = source_.registry.op(at(id).op);
    if (!card || card->spellings.empty())
      throw Error(Status::unsupported, "what it does in training has no code; convert with --infer", {{}, {}, at(id).name});
    const Term x = term(from);
    const Made made = this->made(id);
    out_.has_modes = true;
    const auto state = states_.find(key(from));
    const bool own = state != states_.end() && !state->second.given && left_[key(from)] == 1;
    for (const Edge& edge : made.reads) --left_[edge];
    if (own) {
      line(plain("if training:"));
      indent_ += 4;
      line(bracketed(x.text + " = " + made.term.text));
      indent_ -= 4;
      holders_[x.text] = self;
      states_[self].term = {x.text};
      return;
    }
    const std::string name = choose_name(self);
    line(plain("if training:"));
    indent_ += 4;
    line(bracketed(name + " = " + made.term.text));
    indent_ -= 4;
    if (name != x.text) {
      line(plain("else:"));
      indent_ += 4;
      line(plain(name + " = " + x.text));
      indent_ -= 4;
    }
    holders_[name] = self;
    states_[self].term = {name};
  }

  /// Of a block with modes the first node that only training or only inference computes.
  bool starts_modes(size_t i) {
    const NodeId mine = block(nodes_[i]);
    if (!source_.training) return false;
    if (!told_modes_.insert(mine).second) return false;
    std::vector<size_t> chosen;
    for (size_t j = i; j < nodes_.size(); ++j) {
      if (block(nodes_[j]) == mine && (at(nodes_[j]).op == "ir/ByMode" || at(nodes_[j]).op == "ir/Update")) chosen.push_back(j);
    }
    if (chosen.empty()) return false;
    std::set<NodeId> train, infer, common;
    const auto ancestors = [&](Edge edge, std::set<NodeId>& out) {
      std::vector<Edge> todo{edge};
      while (!todo.empty()) {
        const Edge next = behind(source_, todo.back());
        todo.pop_back();
        const std::string& op = at(next.node).op;
        const bool outside = given_.contains(next) || block(next.node) != mine || op == "ir/ByMode";
        if (outside || op == "tf/Const" || op == "ir/Weight" || !out.insert(next.node).second) continue;
        for (const Edge& one : at(next.node).inputs) todo.push_back(one);
      }
    };
    for (const size_t j : chosen) {
      const Node& node = at(nodes_[j]);
      ancestors(node.op == "ir/Update" ? node.inputs.at(1) : node.inputs.at(0), train);
      if (node.op == "ir/ByMode") ancestors(node.inputs.at(1), infer);
    }
    for (const size_t j : chosen) in_modes_.insert(nodes_[j]);
    for (const NodeId id : nodes_) {
      if (block(id) != mine || train.contains(id) || infer.contains(id) || in_modes_.contains(id)) continue;
      for (const Edge& edge : inputs(at(id))) ancestors(edge, common);
    }
    for (const NodeId id : train) {
      if (infer.contains(id)) ancestors({id, 0}, common);
    }
    for (size_t j = i; j < nodes_.size(); ++j) {
      if (!common.contains(nodes_[j]) || !(train.contains(nodes_[j]) || infer.contains(nodes_[j]))) continue;
      compute(j);
      in_modes_.insert(nodes_[j]);
    }
    for (const NodeId id : common) train.erase(id), infer.erase(id);
    in_modes_.insert(train.begin(), train.end());
    in_modes_.insert(infer.begin(), infer.end());
    out_.has_modes = true;
    const auto branch = [&](const char* head, const std::set<NodeId>& nodes, bool training) {
      line(plain(head), true);
      indent_ += 4;
      for (size_t j = 0; j < nodes_.size(); ++j) {
        if (nodes.contains(nodes_[j])) compute(j);
      }
      for (const size_t j : chosen) {
        const Node& node = at(nodes_[j]);
        if (node.op == "ir/Update" ? training : true) choose(nodes_[j], training);
      }
      indent_ -= 4;
    };
    branch("if training:", train, true);
    branch("else:", infer, false);
    return in_modes_.contains(nodes_[i]);
  }

  /// The end of a branch: the chosen tensor under its name, or a variable's new value.
  void choose(NodeId id, bool training) {
    const Node& node = at(id);
    const Edge from = behind(source_, node.inputs.at(node.op == "ir/ByMode" && training ? 0 : 1));
    const Term value = term(from);
    const auto state = states_.find(key(from));
    if (state != states_.end()) {
      if (state->second.pending) {
        for (const Edge& edge : state->second.reads) --left_[edge];
        state->second.pending = false;
      }
      --left_[key(from)];
    }
    if (node.op == "ir/Update") return line(bracketed(term(node.inputs.at(0)).text + ".assign(" + value.text + ")"));
    const Edge self{id, 0};
    if (training) {
      const auto wanted = wanted_name_.find(key(from));
      const bool named = wanted != wanted_name_.end() && state != states_.end() && !state->second.several;
      const std::string name = named ? value.text : free(local_name(id));
      if (!named) line(bracketed(name + " = " + value.text));
      holders_[name] = self;
      states_[self].term = {name};
    } else {
      line(bracketed(states_.at(self).term.text + " = " + value.text));
    }
  }

  void modes(size_t i) {
    if (!states_.contains({nodes_[i], 0}) && at(nodes_[i]).op == "ir/ByMode") starts_modes(i);
  }

  void finish(const std::vector<Edge>& results) {
    std::vector<std::string> texts;
    for (const Edge& result : results) {
      const Edge edge = behind(source_, result);
      if (results.size() > 1 && is_pending(edge)) flush(key(edge));
      const bool computed = given_.contains(edge) || states_.contains(key(edge));
      const Term value = term(edge);
      texts.push_back(!computed || value.literal ? "tf.convert_to_tensor(" + value.text + ")" : value.text);
    }
    Expr out = bracketed("return " + base::join(texts, ", "));
    const std::string margin(indent_, ' ');
    if (!results.empty()) block_now_ = block(results.front().node);
    begin(out.flat().find("self.") != std::string::npos);
    if (indent_ + out.flat().size() <= line_width || (texts.size() == 1 && !out.items.empty())) {
      out_.code += laid_out(out, indent_);
      return;
    }
    out_.code += margin + "return (\n";
    for (const std::string& text : texts) out_.code += margin + "    " + text + (texts.size() > 1 ? ",\n" : "\n");
    out_.code += margin + ")\n";
  }

  const BodySource& source_;
  const Graph& graph_;
  Body out_;
  std::set<Edge> given_;
  std::set<NodeId> needed_, inner_, in_modes_, told_modes_;
  std::vector<NodeId> nodes_;
  std::map<NodeId, size_t> place_;
  std::map<Edge, State> states_;
  std::map<Edge, int> left_;       ///< reads that are not yet written
  std::map<Edge, size_t> reader_;  ///< the last
  std::map<NodeId, bool> beyond_first_;
  std::map<Edge, std::string> wanted_name_;
  std::map<std::string, Edge> holders_;  ///< what a name stands for
  bool single_ = false;
  NodeId paragraph_ = no_node, block_now_ = no_node;
  size_t indent_ = 8;
  std::string lost_;
};

}  // namespace

Edge behind(const BodySource& source, Edge edge) {
  for (;;) {
    const Node& node = source.graph.at(edge.node);
    const OpCard* card = source.registry.op(node.op);
    const bool kept = is_mark(node) && source.training;
    if (!card || !card->passes || kept || edge.port != 0 || node.inputs.empty()) return edge;
    edge = node.inputs.front();
  }
}

Body body(const BodySource& source, const std::vector<Named>& given, const std::vector<Edge>& results) {
  std::vector<Named> known = given;
  for (Named& one : known) one.edge = behind(source, one.edge);
  return BodyWriter(source, known).run(results, source.training);
}

}  // namespace keraft::emit
