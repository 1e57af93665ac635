#include "cards/composed.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "cards/numeric.h"
#include "kernels/half.h"

namespace keraft::cards {
namespace {

using Kind = ir::FormArg::Kind;

/// Longer lists are data, not sizes.
constexpr int64_t most_ints = 1024;

/// A tensor on the way: always its type, the array while running.
struct Known {
  TensorType type;
  std::optional<Dims> ints;
  Array array;
};

std::optional<Dims> small_ints(const Array& array) {
  if ((array.dtype != DType::i32 && array.dtype != DType::i64) || array.elements() > most_ints) return std::nullopt;
  Dims out;
  for (int64_t i = 0; i < array.elements(); ++i)
    out.emplace_back(array.dtype == DType::i32 ? array.as<int32_t>()[i] : array.as<int64_t>()[i]);
  return out;
}

template <class T>
void fill(Array& array, T value) {
  std::memcpy(array.data.get(), &value, sizeof value);
}

class Composition {
 public:
  Composition(const OpCard& op, ir::Form form, const Registry& registry) : form_(std::move(form)), registry_(registry) {
    for (const OpCard::Arg& arg : op.ins) ins_.push_back(arg.name);
    for (const OpCard::Arg& arg : op.outs) outs_.push_back(arg.name);
  }

  /// Types of all outputs; the arrays too when there is a kernel context.
  std::vector<Known> run(const ShapeContext& s, const KernelContext* k) const {
    std::map<std::string, Known, std::less<>> names;
    for (size_t i = 0; i < ins_.size(); ++i) {
      Known& known = names[ins_[i]];
      known.type = {s.dtype(i), s.shape(i)};
      known.ints = s.ints(i);
      if (k) known.array = k->array(i);
    }
    for (const ir::Statement& statement : form_.statements) {
      std::vector<Known> args;
      for (const ir::FormArg& arg : statement.args) args.push_back(argument(arg, names, s, k));
      std::vector<Known> results = step(statement, args, s, k);
      for (size_t i = 0; i < statement.outputs.size(); ++i) {
        if (i >= results.size()) s.fail(statement.op.substr(3) + " has only " + std::to_string(results.size()) + " outputs");
        names[statement.outputs[i]] = std::move(results[i]);
      }
    }
    std::vector<Known> out;
    for (const std::string& name : outs_) out.push_back(names.at(name));
    return out;
  }

 private:
  Known argument(const ir::FormArg& arg, const std::map<std::string, Known, std::less<>>& names, const ShapeContext& s,
                 const KernelContext* k) const {
    switch (arg.kind) {
      case Kind::number:
        return scalar(arg.number, s, k);
      case Kind::field:
        return scalar(s.real(arg.name), s, k);
      case Kind::ints:
        return vector(arg.ints, k);
      case Kind::field_list:
        return vector(s.list(arg.name), k);
      default:
        return names.find(arg.name)->second;
    }
  }

  Known scalar(double number, const ShapeContext& s, const KernelContext* k) const {
    Known out;
    out.type = {s.dtype(0), Shape(Dims{})};
    if (is_integer(out.type.dtype)) out.ints = Dims{Dim(static_cast<int64_t>(number))};
    if (!k) return out;
    out.array = k->temporary(out.type.dtype, {});
    if (out.type.dtype == DType::f16) {
      fill(out.array, kernels::to_f16(static_cast<float>(number)));
    } else if (out.type.dtype == DType::bf16) {
      fill(out.array, kernels::to_bf16(static_cast<float>(number)));
    } else {
      dispatch(s, out.type.dtype, AllNumbers{}, [&](auto zero) { fill(out.array, static_cast<decltype(zero)>(number)); });
    }
    return out;
  }

  static Known vector(const std::vector<int64_t>& values, const KernelContext* k) {
    Known out;
    out.type = {DType::i32, Shape{static_cast<int64_t>(values.size())}};
    out.ints = Dims(values.begin(), values.end());
    if (!k) return out;
    out.array = k->temporary(DType::i32, {static_cast<int64_t>(values.size())});
    for (size_t i = 0; i < values.size(); ++i) out.array.as<int32_t>()[i] = static_cast<int32_t>(values[i]);
    return out;
  }

  std::vector<Known> step(const ir::Statement& statement, const std::vector<Known>& args, const ShapeContext& s,
                          const KernelContext* k) const {
    const OpCard& card = *registry_.op(statement.op);
    Node node;
    node.name = s.node().name;
    node.op = statement.op;
    for (const ir::FormAttr& attr : statement.attrs) {
      if (!attr.any) node.attrs[attr.name] = attr.field.empty() ? attr.literal : s.attr(attr.field);
    }
    std::vector<TensorType> types;
    std::vector<std::optional<Dims>> ints;
    for (const Known& arg : args) {
      types.push_back(k ? TensorType{arg.array.dtype, Shape::of(arg.array.dims)} : arg.type);
      ints.push_back(k ? small_ints(arg.array) : arg.ints);
    }
    ShapeContext shapes(node, card, std::move(types), std::move(ints));
    card.shape_fn(shapes);
    std::vector<Known> out(shapes.outputs().size());
    for (size_t i = 0; i < out.size(); ++i) out[i].type = shapes.outputs()[i];
    if (card.ints_fn && !out.empty()) out[0].ints = card.ints_fn(shapes);
    if (!k) return out;
    std::vector<Array> arrays(out.size());
    KernelContext::Call call{{}, std::vector<bool>(args.size(), false), &arrays, k->call().allocate, k->call().kernels};
    for (const Known& arg : args) call.in.push_back(&arg.array);
    KernelContext context(std::move(shapes), std::move(call));
    card.kernel_fn(context);
    for (size_t i = 0; i < out.size(); ++i) out[i].array = std::move(arrays[i]);
    return out;
  }

  ir::Form form_;
  Registry registry_;
  std::vector<std::string> ins_, outs_;
};

void check(const OpCard& op, const ir::Form& form) {
  const auto fail = [&](const std::string& what) { throw Error(Status::argument, "what " + op.name() + " means: " + what); };
  const auto named = [](const std::vector<OpCard::Arg>& args, const std::string& name) {
    return std::any_of(args.begin(), args.end(), [&](const OpCard::Arg& arg) { return arg.name == name && !arg.list; });
  };
  if (op.outs.empty()) fail("the op has no output");
  for (const std::string& name : form.inputs()) {
    if (!named(op.ins, name)) fail("'" + name + "' is neither an input nor computed before");
  }
  for (const OpCard::Arg& out : op.outs) {
    if (!form.maker(out.name)) fail("nothing computes the output '" + out.name + "'");
  }
  const auto attribute = [&](const std::string& name) {
    const auto& all = op.attributes;
    if (std::none_of(all.begin(), all.end(), [&](const OpCard::Attr& attr) { return attr.name == name; }))
      fail("the op has no attribute '" + name + "'");
  };
  for (const ir::Statement& statement : form.statements) {
    for (const ir::FormArg& arg : statement.args) {
      if (arg.kind == Kind::weight || arg.kind == Kind::list) fail("only tensors, numbers and attributes can be inputs");
      if (arg.kind == Kind::field || arg.kind == Kind::field_list) attribute(arg.name);
    }
    for (const ir::FormAttr& attr : statement.attrs) {
      if (!attr.codec.empty()) fail("an attribute is passed on as it is, without ':'");
      if (!attr.field.empty()) attribute(attr.field);
    }
  }
}

}  // namespace

void compose(OpCard& op, const ir::Form& form, const Registry& registry) {
  check(op, form);
  bool shapes = true, kernels = true;
  for (const ir::Statement& statement : form.statements) {
    const OpCard* card = registry.op(statement.op);
    shapes = shapes && card && card->shape_fn;
    kernels = kernels && card && card->kernel_fn;
  }
  const auto composition = std::make_shared<const Composition>(op, form, registry);
  if (shapes) {
    op.shape([composition](ShapeContext& s) {
      const auto results = composition->run(s, nullptr);
      for (size_t i = 0; i < results.size(); ++i) s.out(i, results[i].type.dtype, results[i].type.shape);
    });
  }
  if (shapes && kernels) {
    op.kernel([composition](KernelContext& k) {
      auto results = composition->run(k, &k);
      for (size_t i = 0; i < results.size(); ++i) k.call().out->at(i) = std::move(results[i].array);
    });
  }
}

}  // namespace keraft::cards
