#include "lower/lower.h"

#include <algorithm>
#include <utility>

#include "base/string.h"
#include "cards/codec.h"
#include "cards/generated.h"
#include "cards/infer.h"
#include "cards/layer_card.h"
#include "cards/number_tensor.h"
#include "cards/wrapped.h"
#include "ir/constant.h"
#include "ir/operation.h"
#include "lower/operations.h"

namespace keraft::lower {
namespace {

/// The floating type of a dtype or policy in the config; invalid when there is none.
DType compute_dtype(const Layer& layer) {
  const auto entry = layer.config.find("dtype");
  if (entry == layer.config.end()) return DType::invalid;
  if (const DType* dtype = entry->second.get<DType>()) return is_floating(*dtype) ? *dtype : DType::invalid;
  const std::string* name = entry->second.get<std::string>();
  if (!name) return DType::invalid;
  const DType dtype = dtype_named(name->starts_with("mixed_") ? name->substr(6) : *name);
  return is_floating(dtype) ? dtype : DType::invalid;
}

enum class Mode {
  inference,
  step,  ///< of training
  both,  ///< Purpose::training
};

/// What the calls of one lowering share.
struct Lowering {
  Mode mode = Mode::inference;
  std::vector<NodeId>* calls = nullptr;      ///< Purpose::calls
  std::map<const Slot*, Edge> weights = {};  ///< as the next call sees them
  std::vector<const Slot*> stored = {};      ///< written by the step of training
  bool acts = false;                         ///< training computes something else
};

class Call final : public cards::WrapperContext {
 public:
  Call(Graph& out, const Registry& registry, const LayerCard& card, const Layer& layer, std::string name,
       std::vector<Edge> inputs, const Dict& arguments, Lowering& lowering, const Layer* holder = nullptr,
       std::string prefix = {})
      : out_(out),
        registry_(registry),
        card_(card),
        layer_(layer),
        holder_(holder ? *holder : layer),
        prefix_(std::move(prefix)),
        name_(std::move(name)),
        inputs_(std::move(inputs)),
        arguments_(arguments),
        lowering_(lowering),
        computes_in_(compute_dtype(layer)),
        parts_(cards::parts(layer, registry)) {
    for (Edge& edge : inputs_) edge = cast(edge);
  }

  const Layer& layer() const override { return layer_; }
  const Value& config(std::string_view field) const override { return card_.value(layer_.config, field); }
  const std::vector<Edge>& inputs() const override { return inputs_; }
  const Value& argument(std::string_view name) const override {
    static const Value none;
    const auto found = arguments_.find(name);
    return found == arguments_.end() ? none : found->second;
  }
  TensorType type(Edge edge) const override { return out_.type(edge); }
  [[noreturn]] void fail(const std::string& what) const override {
    throw Error(Status::unsupported, layer_.cls + ": " + what, {{}, {}, name_});
  }

  Edge weight(std::string_view slot) override { return cast(stored(slot)); }

  Edge stored(std::string_view slot) override {
    const Slot& known = slot_of(slot);
    const auto [at, fresh] = lowering_.weights.try_emplace(&known, Edge{});
    const auto spec = spec_of(slot);
    if (fresh) at->second = add_weight(known, spec == card_.weight_specs.end() || spec->trainable);
    return at->second;
  }

  void store(std::string_view slot, Edge value) override {
    if (lowering_.mode == Mode::both) {
      op("ir/Update", {weight(slot), value}, {});
      return;
    }
    const Slot& known = slot_of(slot);
    stored(slot);  // what is written is a weight of the graph
    lowering_.weights[&known] = value;
    if (std::find(lowering_.stored.begin(), lowering_.stored.end(), &known) == lowering_.stored.end())
      lowering_.stored.push_back(&known);
    lowering_.acts = true;
  }

  bool learns() const override { return training() && layer_.trainable && holder_.trainable; }

  Edge constant(Tensor value) override { return ir::add_constant(out_, fresh("Const"), std::move(value)); }

  Edge op(std::string_view op, std::vector<Edge> inputs, Dict attrs) override {
    Node node;
    node.op = op.starts_with("ir/") ? std::string(op) : "tf/" + std::string(op);
    node.name = fresh(op);
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    const OpCard* card = registry_.op(node.op);
    if (card && card->training_fn && lowering_.mode == Mode::step && training()) {
      lowering_.acts = true;
      return card->training_fn(*this, node.inputs.at(0), node.attrs);
    }
    if (card && card->shape_fn) {
      std::vector<TensorType> types;
      std::vector<std::optional<Dims>> ints;
      for (const Edge& edge : node.inputs) {
        types.push_back(out_.type(edge));
        const auto found = ints_.find(edge);
        ints.push_back(found == ints_.end() ? constant_sizes(out_, edge) : found->second);
      }
      ShapeContext context(node, *card, std::move(types), std::move(ints));
      card->shape_fn(context);
      node.outputs = context.outputs();
      auto sizes = card->ints_fn ? card->ints_fn(context) : std::nullopt;
      const Edge result{out_.add(std::move(node)), 0};
      ints_[result] = std::move(sizes);
      return result;
    }
    return {out_.add(std::move(node)), 0};
  }

  Edge activation(std::string_view name, Edge x) override {
    if (name == "linear") return x;
    for (const LayerCard* card : registry_.layers()) {
      for (const LayerCard::Rule& rule : card->rules) {
        const auto entry = rule.config.find(card->folds_field);
        if (card->folds_field.empty() || !rule.writes || entry == rule.config.end()) continue;
        if (entry->second == Value(std::string(name))) return emit(rule.form, {x});
      }
      for (const LayerCard::Function& function : card->functions) {
        if (function.name != name) continue;
        Layer layer;
        layer.cls = card->cls;
        layer.config = function.config;
        return Call(out_, registry_, *card, layer, name_ + "/" + function.name, {x}, arguments_, lowering_).raw();
      }
    }
    fail("the activation " + base::escaped(name) + " is unknown");
  }

  Edge by_mode(Edge training, Edge inference, std::string_view name) override {
    if (lowering_.mode == Mode::step) return training;
    const Edge out = op("ir/ByMode", {training, inference}, {});
    out_.at(out.node).name = fresh(name);
    return out;
  }

  size_t parts() const override { return parts_.size(); }

  Edge call_part(size_t index, Edge x) override {
    const cards::Part& part = parts_.at(index);
    const LayerCard* card = registry_.layer(part.layer.cls);
    if (!card) fail("no card for the layer " + base::escaped(part.layer.cls) + " inside it");
    const std::string name = name_ + "/" + part.field + (index ? "_" + std::to_string(index) : "");
    return Call(out_, registry_, *card, part.layer, name, {x}, arguments_, lowering_, &holder_, prefix_ + part.prefix)
        .run()
        .front();
  }

  /// Without the layer's own activation, and not named after the call.
  Edge raw() {
    if (training() && !card_.training_known) fail("what it does in training is not known; convert with --infer");
    if (card_.lower_fn) return card_.lower_fn(*this);
    if (const LayerCard::Rule* rule = fitting()) return emit(rule->form, inputs_);
    if (card_.inference_identity && card_.rules.empty()) {
      // What comes out of whole numbers depends on the version of Keras.
      if (!is_floating(out_.type(inputs_.front()).dtype)) fail("its input is not floating");
      return inputs_.front();
    }
    // A function by its name may stand on the card of another layer.
    const std::string* function = card_.folds_field.empty() ? nullptr : config(card_.folds_field).get<std::string>();
    if (!function || inputs_.size() != 1) fail("no form of the card fits this config");
    return activation(*function, inputs_.front());
  }

  /// The results of the call.
  std::vector<Edge> run() {
    Edge result = raw();
    std::vector<Edge> more;
    for (const std::string& name : cards::generated_results(layer_)) {
      const auto found = emitted_.find(name);
      if (found == emitted_.end()) fail("its form computes no " + base::escaped(name));
      more.push_back(found->second);
    }
    if (!more.empty()) {
      result = more.front();
      more.erase(more.begin());
    }
    const LayerCard::Field* activated = card_.field("activation");
    if (activated && activated->fallback && card_.folds_field.empty()) {
      const std::string* name = config("activation").get<std::string>();
      if (!name) fail("an activation that is no name: " + config("activation").text());
      result = activation(*name, result);
    }
    if (std::find(inputs_.begin(), inputs_.end(), result) != inputs_.end() || out_.at(result.node).name == name_ ||
        result.port != 0) {
      result = op("Identity", {result}, {});
    }
    out_.at(result.node).name = name_;
    more.insert(more.begin(), result);
    return more;
  }

 private:
  /// A call that its author made one for inference stays one.
  bool training() const { return lowering_.mode != Mode::inference && argument("training") != Value(false); }

  std::vector<LayerCard::WeightSpec>::const_iterator spec_of(std::string_view slot) const {
    return std::find_if(card_.weight_specs.begin(), card_.weight_specs.end(), [&](const auto& s) { return s.slot == slot; });
  }

  const Slot& slot_of(std::string_view slot) const {
    const auto place = spec_of(slot) - card_.weight_specs.begin();
    for (size_t i = 0; i < holder_.slots.size(); ++i) {
      const Slot& known = holder_.slots[i];
      // A file numbers the weights of a layer that has no card of its own.
      const bool numbered = known.name == std::to_string(i) && place == static_cast<std::ptrdiff_t>(i);
      if (known.name == prefix_ + std::string(slot) || numbered) return known;
    }
    throw Error(Status::format, layer_.cls + " has no weight '" + std::string(slot) + "'", {{}, {}, holder_.name});
  }

  std::string fresh(std::string_view what) {
    std::string name = name_ + "/" + std::string(what.substr(what.rfind('/') + 1));
    const int count = ++used_[name];
    return count == 1 ? name : name + "_" + std::to_string(count - 1);
  }

  /// Keras casts what a layer reads to the type that it computes in.
  Edge cast(Edge edge) {
    const DType dtype = out_.type(edge).dtype;
    if (computes_in_ == DType::invalid || !is_floating(dtype) || dtype == computes_in_) return edge;
    return op("Cast", {edge}, {{"SrcT", dtype}, {"DstT", computes_in_}});
  }

  Edge add_weight(const Slot& slot, bool trainable) {
    Node node;
    node.op = "ir/Weight";
    node.name = holder_.name + "/" + slot.name;
    node.weight = static_cast<int32_t>(out_.weights.size());
    node.outputs = {{slot.value.dtype, Shape::of(slot.value.dims)}};
    Weight weight;
    weight.name = node.name;
    weight.value = slot.value;
    weight.variable = true;
    weight.trainable = holder_.trainable && trainable;
    out_.weights.push_back(std::move(weight));
    return {out_.add(std::move(node)), 0};
  }

  /// The first written form whose config the layer has, with as many inputs as the call; or null.
  const LayerCard::Rule* fitting() const {
    for (const LayerCard::Rule& rule : card_.rules) {
      if (!rule.writes) continue;
      const bool fits = std::all_of(rule.config.begin(), rule.config.end(), [&](const auto& entry) {
        const Value &mine = config(entry.first), &wanted = entry.second;
        return mine == wanted || (mine.number() && mine.number() == wanted.number());
      });
      const auto names = rule.form.inputs();
      const bool many = std::any_of(rule.form.statements.begin(), rule.form.statements.end(), [](const auto& s) {
        return std::any_of(s.args.begin(), s.args.end(), [](const auto& a) { return a.kind == ir::FormArg::Kind::list; });
      });
      if (fits && (many || names.size() == inputs_.size())) return &rule;
    }
    return nullptr;
  }

  Edge emit(const ir::Form& form, const std::vector<Edge>& inputs) {
    std::map<std::string, Edge, std::less<>> names;
    size_t next = 0;
    Edge result;
    for (const ir::Statement& statement : form.statements) {
      std::vector<Edge> args;
      for (const ir::FormArg& arg : statement.args) argument(arg, inputs, next, names, args);
      const Value& layout = config("data_format");
      const bool first = layout == Value("channels_first");
      const Shape shape = args.empty() ? Shape() : type(args.front()).shape;
      Dict attrs;
      for (const ir::FormAttr& attr : statement.attrs) {
        attrs[attr.name] = attr.field.empty()
                               ? attr.literal
                               : cards::encode(attr.codec, config(attr.field), first, shape.has_rank() ? shape.rank() : 4);
      }
      result = op(statement.op.substr(statement.op.starts_with("tf/") ? 3 : 0), args, std::move(attrs));
      for (size_t i = 0; i < statement.outputs.size(); ++i) {
        if (statement.outputs[i] != "_") names[statement.outputs[i]] = {result.node, static_cast<int32_t>(i)};
      }
    }
    result = names.at(form.statements.back().outputs.front());
    emitted_ = std::move(names);
    return result;
  }

  void argument(const ir::FormArg& arg, const std::vector<Edge>& inputs, size_t& next,
                std::map<std::string, Edge, std::less<>>& names, std::vector<Edge>& args) {
    using Kind = ir::FormArg::Kind;
    switch (arg.kind) {
      case Kind::tensor:
        if (const auto known = names.find(arg.name); known != names.end()) {
          args.push_back(known->second);
        } else {
          if (next >= inputs.size()) fail("too few inputs");
          args.push_back(names[arg.name] = inputs[next++]);
        }
        return;
      case Kind::list:
        args.insert(args.end(), inputs.begin() + static_cast<std::ptrdiff_t>(next), inputs.end());
        next = inputs.size();
        return;
      case Kind::weight:
        args.push_back(weight(arg.name));
        return;
      case Kind::number:
        args.push_back(arg.dtype == DType::invalid ? real(arg.number)
                                                   : constant(cards::number_tensor(arg.dtype, {}, {arg.number})));
        return;
      case Kind::ints:
        args.push_back(ir::add_ints(out_, fresh("axes"), arg.ints, arg.dtype == DType::i64 ? DType::i64 : DType::i32));
        return;
      case Kind::field: {
        const Value& entry = config(arg.name);
        if (const auto* whole = entry.get<int64_t>(); whole && field_is_integer(arg.name)) {
          const auto value = static_cast<int32_t>(*whole);
          args.push_back(constant(make_tensor<int32_t>(DType::i32, {}, std::span(&value, 1))));
        } else if (entry.number()) {
          args.push_back(real(*entry.number()));
        } else {
          fail("config " + arg.name + " must be a number: " + entry.text());
        }
        return;
      }
      case Kind::field_list: {
        const auto ints = config(arg.name).as_ints();
        if (!ints) fail("config " + arg.name + " must be a list of integers: " + config(arg.name).text());
        args.push_back(ir::add_ints(out_, fresh(arg.name), *ints));
        return;
      }
    }
  }

  /// An integer config entry stands for an axis or a count unless the default is a real number.
  bool field_is_integer(const std::string& name) const {
    const LayerCard::Field* field = card_.field(name);
    return field && (!field->fallback || !field->fallback->get<double>());
  }

  Edge real(double number) {
    DType dtype = inputs_.empty() ? DType::f32 : out_.type(inputs_.front()).dtype;
    if (dtype == DType::f64) return constant(make_tensor<double>(dtype, {}, std::span(&number, 1)));
    const auto narrow = static_cast<float>(number);
    return constant(make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)));
  }

  Graph& out_;
  const Registry& registry_;
  const LayerCard& card_;
  const Layer& layer_;
  const Layer& holder_;  ///< has the weights: the layer, or the one that wraps it
  std::string prefix_;   ///< of the slots there that are the layer's
  std::string name_;
  std::vector<Edge> inputs_;
  const Dict& arguments_;
  Lowering& lowering_;
  DType computes_in_;
  std::vector<cards::Part> parts_;
  std::map<Edge, std::optional<Dims>> ints_;  ///< sizes computed on the way
  std::map<std::string, int> used_;
  std::map<std::string, Edge, std::less<>> emitted_;  ///< names of the form that was emitted last
};

Graph lowered(const Graph& keras, const Registry& registry, Lowering& lowering) {
  Graph out;
  out.name = keras.name;
  std::map<Edge, Edge> moved;
  std::string missing;
  std::optional<Operations> operations;
  const auto lost = [&](NodeId id, const std::string& what) {
    missing += what;
    for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, keras.at(id).outputs.size())); ++port)
      moved[{id, port}] = {no_node, 0};
  };
  const auto told = [&](NodeId id) {
    if (lowering.calls) lowering.calls->resize(out.nodes.size(), id);
  };
  const auto behind = [&](const Edge& edge, const std::string& reader) {
    const auto found = moved.find(edge);
    if (found != moved.end()) return found->second;
    throw Error(Status::format,
                "reads result " + std::to_string(edge.port) + " of " + base::escaped(keras.at(edge.node).name) +
                    ", which has no such result",
                {{}, {}, reader});
  };
  NodeId last = no_node;
  for (const NodeId id : keras.order()) {
    told(std::exchange(last, id));
    const Node& node = keras.at(id);
    const bool reads_lost = std::any_of(node.inputs.begin(), node.inputs.end(),
                                        [&](const Edge& e) { return behind(e, node.name).node == no_node; });
    if (reads_lost) {
      lost(id, {});
      continue;
    }
    if (is_operation(node)) {
      std::vector<Edge> inputs;
      for (const Edge& edge : node.inputs) inputs.push_back(behind(edge, node.name));
      if (!operations) operations.emplace(registry);
      try {
        const NodeId raw = operations->lower(out, node, inputs);
        for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, node.outputs.size())); ++port)
          moved[{id, port}] = {raw, port};
      } catch (const Error& error) {
        if (error.status() != Status::unsupported) throw;
        lost(id, "\n  " + base::escaped(node.name) + ": " + error.message());
      }
      continue;
    }
    if (node.layer < 0) {
      Node copy = node;
      for (Edge& edge : copy.inputs) edge = behind(edge, node.name);
      copy.control.clear();
      if (copy.op == "ir/Weight") {
        out.weights.push_back(keras.weights.at(static_cast<size_t>(node.weight)));
        copy.weight = static_cast<int32_t>(out.weights.size()) - 1;
      }
      const NodeId at = out.add(std::move(copy));
      for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, node.outputs.size())); ++port)
        moved[{id, port}] = {at, port};
      continue;
    }
    const Layer& layer = keras.layers.at(static_cast<size_t>(node.layer));
    const LayerCard* card = registry.layer(layer.cls);
    std::optional<LayerCard> generated;
    if (!card && (generated = cards::generated_card(layer))) card = &*generated;
    const std::string why = generated ? std::string() : cards::no_ops(layer, registry);
    if (!why.empty()) {
      lost(id, "\n  " + base::escaped(layer.name) + ": " + why);
      continue;
    }
    std::vector<Edge> inputs;
    for (const Edge& edge : node.inputs) inputs.push_back(behind(edge, node.name));
    const auto results = Call(out, registry, *card, layer, node.name, std::move(inputs), node.attrs, lowering).run();
    for (size_t port = 0; port < results.size(); ++port) moved[{id, static_cast<int32_t>(port)}] = results[port];
  }
  told(last);
  if (!missing.empty()) throw Error(Status::unsupported, "these layers cannot run:" + missing);
  for (const Port& port : keras.inputs) out.inputs.push_back({port.name, behind(port.edge, port.name)});
  for (const Port& port : keras.outputs) out.outputs.push_back({port.name, behind(port.edge, port.name)});
  return out;
}

}  // namespace

Graph lower(const Graph& keras, const Registry& registry, const Purpose& purpose) {
  Lowering lowering{purpose.training ? Mode::both : Mode::inference, purpose.calls};
  return lowered(keras, registry, lowering);
}

std::optional<Graph> lower_training(const Graph& keras, const Registry& registry) {
  Lowering lowering{Mode::step};
  Graph out = lowered(keras, registry, lowering);
  if (!lowering.acts) return std::nullopt;
  std::map<const Slot*, std::string> names;
  for (const Layer& layer : keras.layers) {
    for (const Slot& slot : layer.slots) names.emplace(&slot, layer.name + "/" + slot.name);
  }
  for (const Slot* slot : lowering.stored) out.outputs.push_back({names.at(slot), lowering.weights.at(slot)});
  return out;
}

}  // namespace keraft::lower
