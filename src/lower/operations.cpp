#include "lower/operations.h"

#include <algorithm>
#include <optional>

#include "base/string.h"
#include "cards/codec.h"
#include "cards/infer.h"
#include "cards/number_tensor.h"
#include "ir/constant.h"

namespace keraft::lower {
namespace {

using cards::CodeExpr;
using cards::KerasOp;
using Kind = CodeExpr::Kind;

/// What keeps one card from reading the node.
struct Unread {};

bool is_tensor_setting(const Value& value) { return value.number() || value.get<bool>() || value.get<List>(); }

Tensor tensor_of(const Value& value, DType dtype) {
  if (const Tensor* tensor = value.get<Tensor>()) return *tensor;
  std::vector<int64_t> dims;
  std::vector<Value> numbers;
  bool real = false;
  if (!cards::flatten(value, dims, numbers, real)) throw Unread{};
  if (real && is_integer(dtype)) dtype = DType::f32;
  if (dtype == DType::invalid) dtype = real ? DType::f32 : DType::i32;
  return cards::value_tensor(dtype, std::move(dims), numbers);
}

class Reader {
 public:
  Reader(Graph& out, const Registry& registry, const Node& node, const std::vector<Edge>& inputs, const KerasOp& op)
      : out_(out), registry_(registry), node_(node), inputs_(inputs), op_(op) {
    for (const KerasOp::Param& param : op.params) assign(param);
    for (const auto& [key, value] : node.attrs) {
      if (!op.param(key)) {
        throw Error(Status::unsupported, op.cls + " with " + base::escaped(key) + "=" + value.text(), {{}, {}, node.name});
      }
    }
    if (next_ != inputs.size()) throw Error(Status::format, "too many tensors for " + op.cls, {{}, {}, node.name});
  }

  std::optional<NodeId> read(const OpCard& card, const OpCard::Code& code, const CodeExpr& expr) {
    try {
      card_ = &card;
      attrs_.clear();
      parts_ = 0;
      given_.assign(card.ins.size(), {});
      bind(expr);
      conditions(code);
      return make(code);
    } catch (const Unread&) {
      return std::nullopt;
    } catch (const Error& error) {
      if (error.status() != Status::mismatch && error.status() != Status::unsupported) throw;
      return std::nullopt;
    }
  }

 private:
  /// A tensor, or a value that becomes a constant.
  struct Given {
    Edge edge;
    Value value;
    DType dtype = DType::invalid;
  };

  void assign(const KerasOp::Param& param) {
    if (param.setting) return;
    const auto constant = node_.attrs.find(param.name);
    std::vector<Given>& mine = arguments_[param.name];
    if (param.many()) {
      const List* list = constant == node_.attrs.end() ? nullptr : constant->second.get<List>();
      const size_t count = list ? list->size() : inputs_.size() - next_;
      for (size_t i = 0; i < count; ++i) {
        if (list && !(*list)[i].null())
          mine.push_back({{}, (*list)[i], DType::invalid});
        else
          tensor(mine);
      }
    } else if (constant != node_.attrs.end()) {
      mine.push_back({{}, constant->second, DType::invalid});
    } else if (next_ < inputs_.size()) {
      tensor(mine);
    }
  }

  void tensor(std::vector<Given>& to) {
    if (next_ >= inputs_.size()) throw Error(Status::format, "too few tensors for " + op_.cls, {{}, {}, node_.name});
    to.push_back({inputs_[next_], {}, DType::invalid});
    if (types_.empty()) types_.push_back(out_.type(inputs_[next_]).dtype);
    // A condition says nothing about the numbers beside it.
    if (types_.front() == DType::boolean) types_.front() = out_.type(inputs_[next_]).dtype;
    ++next_;
  }

  DType beside() const { return types_.empty() ? DType::f32 : types_.front(); }

  const Value& setting(const KerasOp::Param& param) const {
    const auto found = node_.attrs.find(param.name);
    if (found != node_.attrs.end()) return found->second;
    if (!param.fallback) throw Unread{};
    return *param.fallback;
  }

  void bind(const CodeExpr& expr) {
    for (const KerasOp::Param& param : op_.params) {
      const auto at = std::find(expr.params.begin(), expr.params.end(), param.name);
      const CodeExpr* part = at == expr.params.end() ? nullptr : &expr.parts[static_cast<size_t>(at - expr.params.begin())];
      if (param.setting) {
        if (part)
          bind_setting(*part, param);
        else if (!param.fallback || !same(setting(param), *param.fallback))
          throw Unread{};
      } else if (part) {
        bind_argument(*part, param);
      } else if (!arguments_[param.name].empty()) {
        throw Unread{};
      }
    }
  }

  static bool same(const Value& a, const Value& b) { return a == b || (a.number() && a.number() == b.number()); }

  void bind_argument(const CodeExpr& part, const KerasOp::Param& param) {
    const auto& mine = arguments_[param.name];
    if (part.kind != Kind::input || mine.empty()) throw Unread{};
    if (!param.many() && mine.size() != 1) throw Unread{};
    std::vector<Given>& given = given_[static_cast<size_t>(part.index)];
    if (!given.empty()) throw Unread{};
    given = mine;
    for (Given& one : given) one.dtype = param.dtype != DType::invalid ? param.dtype : beside();
  }

  void bind_setting(const CodeExpr& part, const KerasOp::Param& param) {
    const Value& value = setting(param);
    switch (part.kind) {
      case Kind::literal:
      case Kind::list:
        if (!same(value, literal(part)) && !same_axis(param, value, literal(part))) throw Unread{};
        return;
      case Kind::attr:
        attrs_[part.name] = attribute(part, param, value);
        return;
      case Kind::input:
        given_[static_cast<size_t>(part.index)] = {input_setting(part, param, value)};
        return;
      case Kind::shape:
      case Kind::call:
        throw Unread{};
    }
  }

  static Value literal(const CodeExpr& part) {
    if (part.kind == Kind::literal) return part.literal;
    List out;
    for (const CodeExpr& one : part.parts) out.push_back(literal(one));
    return out;
  }

  /// -1 and 3 are the same axis of four.
  bool same_axis(const KerasOp::Param& param, const Value& a, const Value& b) const {
    const auto *x = a.get<int64_t>(), *y = b.get<int64_t>();
    const Shape shape = inputs_.empty() ? Shape() : out_.type(inputs_.front()).shape;
    if (param.name != "axis" || !x || !y || !shape.has_rank()) return false;
    const auto rank = static_cast<int64_t>(shape.rank());
    return (*x < 0 ? *x + rank : *x) == (*y < 0 ? *y + rank : *y);
  }

  Value attribute(const CodeExpr& part, const KerasOp::Param& param, const Value& value) const {
    if (param.name == "dtype") {
      const std::string* name = value.get<std::string>();
      const DType dtype = value.null() ? DType::f32 : name ? dtype_named(*name) : DType::invalid;
      if (dtype == DType::invalid) throw Unread{};
      return dtype;
    }
    if (part.codec == "only") return List{value};
    if (part.codec.empty()) {
      if (value.null()) throw Unread{};
      return value;
    }
    const Shape shape = inputs_.empty() ? Shape() : out_.type(inputs_.front()).shape;
    const auto layout = node_.attrs.find("data_format");
    const bool first = layout != node_.attrs.end() && layout->second == Value("channels_first");
    // What is left out has the op's default.
    if (!shape.has_rank() || (value.null() && part.codec != "layout")) throw Unread{};
    return cards::encode(part.codec, value, first, shape.rank());
  }

  Given input_setting(const CodeExpr& part, const KerasOp::Param& param, const Value& value) {
    Given out;
    out.value = value;
    if (part.codec == "cuts") {
      const auto cuts = value.as_ints();
      if (!cuts) throw Unread{};
      out.value = cards::sizes_of(*cuts);
      parts_ = static_cast<int64_t>(cuts->size()) + 1;
      return out;
    }
    if (part.codec == "minus") {
      const auto* number = value.get<int64_t>();
      if (!number || *number < -INT64_MAX) throw Unread{};
      out.value = -*number;
      return out;
    }
    if (!part.codec.empty() && part.codec != "only") throw Unread{};
    if (value.null()) {
      const Shape shape = inputs_.empty() ? Shape() : out_.type(inputs_.front()).shape;
      if (param.name != "axis" || !shape.has_rank()) throw Unread{};
      std::vector<int64_t> all(shape.rank());
      for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
      out.value = Value::ints(all);
    } else if (!is_tensor_setting(value)) {
      throw Unread{};
    }
    if (param.like_input) out.dtype = beside();
    return out;
  }

  void conditions(const OpCard::Code& code) {
    for (const auto& [key, wanted] : code.when) {
      const auto in = std::find_if(card_->ins.begin(), card_->ins.end(), [&key = key](const auto& a) { return a.name == key; });
      if (in == card_->ins.end()) {
        attrs_[key] = wanted;
        continue;
      }
      const auto type = attrs_.find("T");
      const DType* dtype = type == attrs_.end() ? nullptr : type->second.get<DType>();
      if (wanted.get<int64_t>()) {
        given_[static_cast<size_t>(in - card_->ins.begin())] = {{{}, wanted, DType::i32}};
        continue;
      }
      given_[static_cast<size_t>(in - card_->ins.begin())] = {{{}, wanted, dtype ? *dtype : beside()}};
    }
  }

  NodeId make(const OpCard::Code& code) {
    const size_t before = out_.nodes.size();
    try {
      Node node;
      node.op = "tf/" + card_->name();
      node.name = node_.name;
      for (size_t i = 0; i < given_.size(); ++i) {
        if (given_[i].empty()) throw Unread{};
        for (const Given& one : given_[i]) {
          node.inputs.push_back(one.edge.node != no_node ? one.edge : constant(card_->ins[i].name, one, node.inputs.size()));
        }
      }
      // How many tensors a list has is an attribute of its own.
      for (size_t i = 0; i < given_.size(); ++i) {
        if (card_->ins[i].list) attrs_["N"] = static_cast<int64_t>(given_[i].size());
      }
      for (const OpCard::Attr& known : card_->attributes) {
        if (parts_ > 0 && !known.fallback && known.name.starts_with("num")) attrs_.try_emplace(known.name, parts_);
      }
      node.attrs = attrs_;
      if (code.guard && !code.guard(shapes_of(out_, node, *card_))) throw Unread{};
      return add_op(out_, registry_, std::move(node));
    } catch (...) {
      out_.nodes.resize(before);
      throw;
    }
  }

  Edge constant(const std::string& input, const Given& given, size_t number) {
    const std::string name = node_.name + "/" + input + (number ? "_" + std::to_string(number) : "");
    return ir::add_constant(out_, name, tensor_of(given.value, given.dtype));
  }

  Graph& out_;
  const Registry& registry_;
  const Node& node_;
  const std::vector<Edge>& inputs_;
  const KerasOp& op_;
  std::map<std::string, std::vector<Given>> arguments_;
  size_t next_ = 0;
  std::vector<DType> types_;
  const OpCard* card_ = nullptr;
  Dict attrs_;
  int64_t parts_ = 0;  ///< that a list of cuts gives
  std::vector<std::vector<Given>> given_;
};

}  // namespace

Operations::Operations(const Registry& registry) : registry_(registry) {
  for (const OpCard* card : registry.ops()) {
    if (!card->kernel_fn) continue;
    for (const OpCard::Code& code : card->codes) {
      CodeExpr expr;
      try {
        expr = cards::parse_code(*card, code.text);
      } catch (const Error&) {
        continue;  // a rule of the user's
      }
      const bool plain = expr.index == 0 && std::none_of(expr.parts.begin(), expr.parts.end(), [](const CodeExpr& part) {
                           return part.kind == Kind::call || part.kind == Kind::shape;
                         });
      if (!plain) continue;
      const std::string cls = expr.op->cls;
      readings_[cls].push_back({card, &code, std::move(expr)});
    }
  }
}

NodeId Operations::lower(Graph& out, const Node& node, const std::vector<Edge>& inputs) const {
  const std::string cls = node.op.substr(node.op.find('/') + 1);
  const KerasOp* op = cards::keras_op(cls);
  const auto found = readings_.find(cls);
  if (!op || found == readings_.end()) {
    throw Error(Status::unsupported, "no card for the operation " + base::escaped(cls), {{}, {}, node.name});
  }
  Reader reader(out, registry_, node, inputs, *op);
  for (const Reading& reading : found->second) {
    if (const auto id = reader.read(*reading.card, *reading.code, reading.expr)) return *id;
  }
  throw Error(Status::unsupported, "no card computes the operation " + base::escaped(cls) + " with these arguments",
              {{}, {}, node.name});
}

}  // namespace keraft::lower
