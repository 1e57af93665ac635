#include "cards/express.h"

#include <algorithm>

#include "base/string.h"
#include "cards/code.h"
#include "cards/codec.h"
#include "cards/infer.h"
#include "cards/number_tensor.h"
#include "ir/constant.h"

namespace keraft::cards {
namespace {

/// More belongs into a weight, not into a text.
constexpr int64_t most_written = 1024;

/// What keeps one code from saying the node.
struct Unfit {
  std::string why;
};

/// A constant as numbers in lists.
Value plain(const Tensor& tensor) {
  try {
    return nested_value(tensor);
  } catch (const Error& error) {
    throw Unfit{error.message()};
  }
}

class Speaker final : public CodeContext {
 public:
  Speaker(ShapeContext shapes, Graph& graph, const Node& node, Weights weights, const std::vector<Edge>& sized, Expressed& out)
      : CodeContext(std::move(shapes)), graph_(graph), raw_(node), weights_(weights), sized_(sized), out_(out) {}

  Operand input(size_t i) override {
    const Edge edge = raw_.inputs.at(i);
    Operand out;
    out.edge = edge;
    const Tensor* tensor = ir::constant(graph_, edge);
    const Node& source = graph_.at(edge.node);
    const bool weight = source.op == "ir/Weight";
    if (weight && weights_ == Weights::kept) return out;
    if (!tensor) {
      if (weight) throw Unfit{"reads the variable " + base::escaped(graph_.weights[static_cast<size_t>(source.weight)].name)};
      const auto& sizes = ints(i);
      if (!sized_.empty() && sizes && sizes->size() == 1 && shape(i).has_rank() && shape(i).rank() == 0) {
        if (auto size = size_of(sizes->front())) return *size;
      }
      return out;
    }
    if (tensor->elements() > most_written) {
      throw Unfit{"reads a constant of " + std::to_string(tensor->elements()) + " elements; a node can hold " +
                  std::to_string(most_written)};
    }
    plain(*tensor);
    out.edge = {};
    out.value = *tensor;
    return out;
  }

  Edge call(std::string_view cls, const std::vector<std::pair<std::string, Operand>>& arguments) override {
    const KerasOp* op = keras_op(cls);
    if (!op) throw Error(Status::internal, "no operation of Keras is called " + std::string(cls));
    return call(*op, arguments);
  }

  std::vector<Edge> say(const OpCard::Code& code) {
    const CodeExpr expr = parsed(code);
    check_fits(code, expr);
    const Edge first = evaluate_call(expr);
    if (raw_.outputs.size() <= 1) return {first};
    std::vector<Edge> out;
    for (size_t port = 0; port < raw_.outputs.size(); ++port) out.push_back({first.node, static_cast<int32_t>(port)});
    return out;
  }

 private:
  CodeExpr parsed(const OpCard::Code& code) const {
    try {
      return parse_code(card(), code.text);
    } catch (const Error& error) {
      throw Unfit{error.message()};
    }
  }

  // Where input `arg` of the card begins among the node's inputs, and how many it is.
  std::pair<size_t, size_t> span(size_t arg) const {
    const auto& ins = card().ins;
    size_t lists = 0;
    for (const auto& in : ins) lists += in.list ? 1 : 0;
    const size_t fixed = ins.size() - lists;
    const size_t many = lists ? (inputs() - std::min(inputs(), fixed)) / lists : 0;
    size_t at = 0;
    for (size_t i = 0; i < arg; ++i) at += ins[i].list ? many : 1;
    const size_t count = ins[arg].list ? many : 1;
    if (at + count > inputs()) throw Unfit{"too few inputs"};
    return {at, count};
  }

  const Value* attribute(const std::string& name) const {
    const auto found = raw_.attrs.find(name);
    return found != raw_.attrs.end() ? &found->second : card().fallback(name);
  }

  void check_fits(const OpCard::Code& code, const CodeExpr& expr) const {
    std::set<size_t> inputs;
    std::set<std::string, std::less<>> attributes;
    mentioned(expr, inputs, attributes);
    for (const auto& [key, wanted] : code.when) {
      const auto in = std::find_if(card().ins.begin(), card().ins.end(), [&key = key](const auto& a) { return a.name == key; });
      std::optional<Value> is;
      if (in != card().ins.end()) {
        inputs.insert(static_cast<size_t>(in - card().ins.begin()));
        is = ir::scalar(graph_, raw_.inputs.at(span(static_cast<size_t>(in - card().ins.begin())).first));
      } else {
        attributes.insert(key);
        if (const Value* value = attribute(key)) is = *value;
      }
      const bool same = is && (*is == wanted || (is->number() && is->number() == wanted.number()));
      if (!same) throw Unfit{key + " is " + (is ? is->text() : "not constant")};
    }
    for (const OpCard::Attr& known : card().attributes) {
      const auto found = raw_.attrs.find(known.name);
      if (found == raw_.attrs.end() || !known.fallback || attributes.contains(known.name) || attributes.contains("*")) continue;
      if (found->second.get<DType>() || found->second == *known.fallback) continue;
      throw Unfit{known.name + " is " + found->second.text()};
    }
    for (size_t i = 0; i < card().ins.size(); ++i) {
      if (!inputs.contains(i)) throw Unfit{"keras.ops takes no " + card().ins[i].name};
    }
    if (code.guard && !code.guard(*this)) throw Unfit{"keras.ops computes something else for these types or sizes"};
  }

  Operand evaluate(const CodeExpr& expr) {
    Operand out;
    switch (expr.kind) {
      case CodeExpr::Kind::call:
        out.edge = evaluate_call(expr);
        return out;
      case CodeExpr::Kind::input: {
        const auto arg = static_cast<size_t>(expr.index);
        const auto [at, count] = span(arg);
        if (!card().ins[arg].list) return input(at);
        out.is_list = true;
        for (size_t i = 0; i < count; ++i) out.list.push_back(input(at + i));
        return out;
      }
      case CodeExpr::Kind::list:
        out.is_list = true;
        for (const CodeExpr& part : expr.parts) out.list.push_back(evaluate(part));
        return out;
      default:
        out.value = setting(expr);
        return out;
    }
  }

  Value setting(const CodeExpr& expr) const {
    switch (expr.kind) {
      case CodeExpr::Kind::literal:
        return expr.literal;
      case CodeExpr::Kind::list: {
        List out;
        for (const CodeExpr& part : expr.parts) out.push_back(setting(part));
        return out;
      }
      case CodeExpr::Kind::shape:
        return open_shape();
      case CodeExpr::Kind::attr: {
        const Value* value = attribute(expr.name);
        if (!value) throw Unfit{"no attribute " + expr.name};
        if (const DType* dtype = value->get<DType>()) return std::string(name_of(*dtype));
        return coded(expr, *value);
      }
      case CodeExpr::Kind::input: {
        const auto [at, count] = span(static_cast<size_t>(expr.index));
        const Tensor* tensor = count == 1 ? ir::constant(graph_, raw_.inputs[at]) : nullptr;
        const std::string& name = card().ins[static_cast<size_t>(expr.index)].name;
        if (!tensor) throw Unfit{name + " is not constant"};
        if (tensor->elements() > most_written) throw Unfit{name + " has too many elements"};
        return coded(expr, plain(*tensor));
      }
      case CodeExpr::Kind::call:
        break;
    }
    throw Error(Status::internal, "a call where a setting must stand in the code of " + card().name());
  }

  Value coded(const CodeExpr& expr, const Value& value) const {
    if (expr.codec.empty()) return value;
    if (expr.codec == "only") {
      const List* list = value.get<List>();
      if (!list) return value;
      if (list->size() != 1) throw Unfit{expr.name + " is " + value.text()};
      return list->front();
    }
    if (expr.codec == "minus") {
      const auto* number = value.get<int64_t>();
      if (!number || *number < -INT64_MAX) throw Unfit{expr.name + " is " + value.text()};
      return -*number;
    }
    if (expr.codec == "cuts") {
      const auto sizes = value.as_ints();
      const auto cuts = sizes ? cuts_of(*sizes) : std::nullopt;
      if (!cuts) throw Unfit{expr.name + " is " + value.text()};
      return *cuts;
    }
    const Value* layout = attribute("data_format");
    const bool first = layout && decode("layout", *layout, false) == Value("channels_first");
    auto out = decode(expr.codec, value, first);
    if (!out) throw Unfit{expr.name + " is " + value.text()};
    return *out;
  }

  /// The size of a tensor that is there.
  std::optional<Operand> size_of(const Dim& dim) {
    Operand out;
    if (dim.known()) {
      out.value = dim.value();
      return out;
    }
    for (const Edge edge : sized_) {
      const Shape tensor = graph_.type(edge).shape;
      for (size_t axis = 0; tensor.has_rank() && axis < tensor.rank(); ++axis) {
        if (!(tensor[axis] == dim)) continue;
        Operand of;
        of.edge = edge;
        out.edge = call("shape", {{"x", of}});
        graph_.at(out.edge.node).outputs = {{DType::i32, Shape()}};
        out.edge.port = static_cast<int32_t>(axis);
        return out;
      }
    }
    return std::nullopt;
  }

  /// Sizes of which some are those of tensors.
  std::optional<Operand> sizes_of(const Dims& dims) {
    Operand out;
    out.is_list = true;
    for (const Dim& dim : dims) {
      auto size = size_of(dim);
      if (!size) return std::nullopt;
      out.list.push_back(std::move(*size));
    }
    return out;
  }

  Operand setting_operand(const CodeExpr& expr) {
    const auto open = [](const Dims& dims) {
      return std::count_if(dims.begin(), dims.end(), [](const Dim& dim) { return !dim.known(); });
    };
    if (expr.kind == CodeExpr::Kind::shape && !raw_.outputs.empty() && raw_.outputs[0].shape.has_rank()) {
      const Dims& dims = raw_.outputs[0].shape.dims();
      if (auto sizes = open(dims) > 1 ? sizes_of(dims) : std::nullopt) return *sizes;
    }
    if (expr.kind == CodeExpr::Kind::input && expr.codec.empty()) {
      const auto& dims = ints(span(static_cast<size_t>(expr.index)).first);
      if (auto sizes = dims && open(*dims) > 0 ? sizes_of(*dims) : std::nullopt) return *sizes;
    }
    Operand out;
    out.value = setting(expr);
    return out;
  }

  Value open_shape() const {
    if (raw_.outputs.empty() || !raw_.outputs[0].shape.has_rank()) throw Unfit{"the rank of the result is unknown"};
    List out;
    int open = 0;
    for (const Dim& dim : raw_.outputs[0].shape.dims()) {
      open += dim.known() ? 0 : 1;
      out.emplace_back(dim.known() ? dim.value() : -1);
    }
    if (open > 1) throw Unfit{"more than one size of the result is unknown"};
    return out;
  }

  Edge evaluate_call(const CodeExpr& expr) {
    std::vector<std::pair<std::string, Operand>> arguments;
    for (size_t i = 0; i < expr.parts.size(); ++i) {
      const KerasOp::Param& param = *expr.op->param(expr.params[i]);
      if (param.setting) {
        arguments.emplace_back(param.name, setting_operand(expr.parts[i]));
      } else {
        arguments.emplace_back(param.name, evaluate(expr.parts[i]));
      }
    }
    Edge out = call(*expr.op, arguments);
    out.port = static_cast<int32_t>(expr.index);
    return out;
  }

  Edge call(const KerasOp& op, const std::vector<std::pair<std::string, Operand>>& arguments) {
    if (op.module.empty() && weights_ == Weights::written) throw Unfit{"not every Keras 3 has a node for " + op.function};
    Node node;
    node.op = "keras.ops/" + op.cls;
    node.name = raw_.name + "/" + op.function;
    std::vector<DType> types;
    for (const KerasOp::Param& param : op.params) {
      for (const auto& [name, operand] : arguments) {
        if (name == param.name) collect(operand, node, types);
      }
    }
    for (const KerasOp::Param& param : op.params) {
      List many;
      bool constants = false;
      for (const auto& [name, operand] : arguments) {
        if (name != param.name) continue;
        if (param.setting && operand.is_list) {
          List sizes;
          for (const Operand& one : operand.list) sizes.push_back(one.is_tensor() ? Value() : one.value);
          node.attrs[name] = std::move(sizes);
        } else if (param.setting) {
          if (!(param.fallback && *param.fallback == operand.value)) node.attrs[name] = operand.value;
        } else if (param.many()) {
          for (const Operand& one : operand.is_list ? operand.list : std::vector<Operand>{operand}) {
            constants = constants || !one.is_tensor();
            many.push_back(one.is_tensor() ? Value() : argument(one.value, types));
          }
        } else if (operand.is_list) {
          throw Unfit{op.function + " takes no list"};
        } else if (!operand.is_tensor()) {
          node.attrs[name] = argument(operand.value, types);
        }
      }
      if (constants) node.attrs[param.name] = std::move(many);
    }
    if (node.inputs.empty()) throw Unfit{"it reads constants alone"};
    node.outputs = {{types.front(), Shape()}};
    out_.nodes.push_back(graph_.add(std::move(node)));
    return {out_.nodes.back(), 0};
  }

  void collect(const Operand& operand, Node& node, std::vector<DType>& types) {
    if (operand.is_tensor()) {
      auto& results = graph_.at(operand.edge.node).outputs;
      const auto port = static_cast<size_t>(operand.edge.port);
      if (results.size() <= port) results.resize(port + 1, {results.empty() ? DType::f32 : results.front().dtype, Shape()});
      node.inputs.push_back(operand.edge);
      types.push_back(graph_.type(operand.edge).dtype);
    }
    for (const Operand& one : operand.list) collect(one, node, types);
  }

  /// A number takes the type of the tensors beside it; where none has the constant's type, it says its own.
  static Value argument(const Value& value, const std::vector<DType>& types) {
    const Tensor* tensor = value.get<Tensor>();
    if (!tensor || !tensor->dims.empty()) return value;
    const bool said = std::find(types.begin(), types.end(), tensor->dtype) != types.end();
    return said ? plain(*tensor) : value;
  }

  Graph& graph_;
  const Node raw_;  // a copy: adding nodes moves them
  const Weights weights_;
  const std::vector<Edge>& sized_;
  Expressed& out_;
};

void finish(Graph& graph, const Node& raw, Expressed& out) {
  for (size_t port = 0; port < out.results.size(); ++port) {
    const Edge edge = out.results[port];
    Node& node = graph.at(edge.node);
    const auto slot = static_cast<size_t>(edge.port);
    if (node.outputs.size() <= slot) node.outputs.resize(slot + 1);
    if (port < raw.outputs.size()) node.outputs[slot] = raw.outputs[port];
  }
  if (out.results.empty() || std::find(out.nodes.begin(), out.nodes.end(), out.results[0].node) == out.nodes.end()) return;
  Node& last = graph.at(out.results[0].node);
  last.name = raw.name;
  last.from = {raw.name};
}

}  // namespace

std::optional<Expressed> express(Graph& graph, NodeId id, const Registry& registry, Weights weights, std::string& why,
                                 const Sizes& sizes) {
  const Node raw = graph.at(id);
  const OpCard* card = registry.op(raw.op);
  if (!card) {
    why = "the op is unknown";
    return std::nullopt;
  }
  if (!card->has_code()) {
    why = "keras.ops has nothing that computes it";
    return std::nullopt;
  }
  const Inference none;
  const Inference& known = sizes.known ? *sizes.known : none;
  std::string first;
  const size_t ways = card->codes.size() + (card->code_fn ? 1 : 0);
  for (size_t way = 0; way < ways; ++way) {
    Expressed out;
    try {
      Speaker speaker(shapes_of(graph, raw, *card, known), graph, raw, weights, sizes.tensors, out);
      if (way < card->codes.size()) {
        out.results = speaker.say(card->codes[way]);
      } else if (auto results = card->code_fn(speaker)) {
        out.results = std::move(*results);
      } else {
        throw Unfit{"keras.ops cannot say it with these sizes"};
      }
      finish(graph, raw, out);
      return out;
    } catch (const Unfit& unfit) {
      for (const NodeId made : out.nodes) graph.at(made).dead = true;
      if (first.empty()) first = unfit.why;
    }
  }
  why = first;
  return std::nullopt;
}

void check_codes(const OpCard& card) {
  for (const OpCard::Code& code : card.codes) parse_code(card, code.text);
}

}  // namespace keraft::cards
