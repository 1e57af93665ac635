#include <set>
#include <utility>

#include "formats/wire/messages.h"
#include "formats/wire/parse.h"
#include "formats/wire/proto/graph.pb.h"
#include "ir/function_attr.h"

namespace keraft::formats::wire {
namespace {

RawShape raw_shape(const pb::TensorShapeProto& proto, const Place& place) {
  RawShape out;
  if (proto.unknown_rank()) {
    if (proto.dim_size()) throw Error(Status::format, "a shape of unknown rank with sizes", place);
    return out;
  }
  if (proto.dim_size() > 254) throw Error(Status::format, "a shape of rank " + std::to_string(proto.dim_size()), place);
  out.dims.emplace();
  for (const auto& dim : proto.dim()) {
    if (dim.size() < -1) throw Error(Status::format, "a negative size in a shape", place);
    out.dims->push_back(dim.size());
  }
  return out;
}

template <class Repeated, class Convert>
List list_of(const Repeated& values, Convert convert) {
  List out;
  out.reserve(static_cast<size_t>(values.size()));
  for (const auto& value : values) out.push_back(convert(value));
  return out;
}

class Attr {
 public:
  Attr(const AttrReader& reader, const Place& place) : reader_(reader), place_(place) {}

  Value value(const pb::AttrValue& attr) const {
    switch (attr.value_case()) {
      case pb::AttrValue::kS:
        return attr.s();
      case pb::AttrValue::kI:
        return static_cast<int64_t>(attr.i());
      case pb::AttrValue::kF:
        return static_cast<double>(attr.f());
      case pb::AttrValue::kB:
        return attr.b();
      case pb::AttrValue::kType:
        return dtype_of(attr.type(), place_);
      case pb::AttrValue::kShape:
        return shape(attr.shape());
      case pb::AttrValue::kTensor:
        return tensor(attr.tensor());
      case pb::AttrValue::kPlaceholder:
        return ir::from_caller(attr.placeholder());
      case pb::AttrValue::kFunc:
        return function(attr.func());
      case pb::AttrValue::kList:
        return list(attr.list());
      default:
        return List{};
    }
  }

 private:
  Value shape(const pb::TensorShapeProto& proto) const { return shape_of(raw_shape(proto, place_), reader_.symbol); }
  Value tensor(const pb::TensorProto& proto) const { return reader_.tensor(proto.SerializeAsString()); }

  Value function(const pb::NameAttrList& proto) const {
    FunctionRef out{proto.name(), {}};
    for (const auto& [name, attr] : proto.attr()) {
      if (!name.empty() && name[0] != '_') out.attrs.emplace(name, value(attr));
    }
    return out;
  }

  Value list(const pb::AttrValue::ListValue& list) const {
    const int kinds = (list.s_size() > 0) + (list.i_size() > 0) + (list.f_size() > 0) + (list.b_size() > 0) +
                      (list.type_size() > 0) + (list.shape_size() > 0) + (list.tensor_size() > 0) + (list.func_size() > 0);
    if (kinds > 1) throw Error(Status::format, "a list attribute with elements of two kinds", place_);
    if (list.s_size()) return list_of(list.s(), [](const std::string& v) { return Value(v); });
    if (list.i_size()) return list_of(list.i(), [](int64_t v) { return Value(v); });
    if (list.f_size()) return list_of(list.f(), [](float v) { return Value(static_cast<double>(v)); });
    if (list.b_size()) return list_of(list.b(), [](bool v) { return Value(v); });
    if (list.type_size()) return list_of(list.type(), [&](int v) { return Value(dtype_of(v, place_)); });
    if (list.shape_size()) return list_of(list.shape(), [&](const pb::TensorShapeProto& v) { return shape(v); });
    if (list.tensor_size()) return list_of(list.tensor(), [&](const pb::TensorProto& v) { return tensor(v); });
    return list_of(list.func(), [&](const pb::NameAttrList& v) { return function(v); });
  }

  const AttrReader& reader_;
  const Place& place_;
};

OpSignature::Arg arg_of(const pb::OpDef::ArgDef& proto, const Place& place) {
  return {proto.name(), proto.type() == 0 ? DType::invalid : dtype_of(proto.type(), place), proto.type_attr(),
          proto.number_attr(), proto.type_list_attr()};
}

}  // namespace

DType dtype_of(int64_t number, const Place& place) {
  const int64_t plain = number > 100 ? number - 100 : number;
  const auto dtype = static_cast<DType>(plain);
  if (plain == 0 && number == 0) return DType::invalid;
  const bool sized = plain > 0 && plain <= 30 && (size_of(dtype) > 0);
  if (sized || dtype == DType::string || dtype == DType::resource || dtype == DType::variant) return dtype;
  throw Error(Status::unsupported, "the data type " + std::to_string(number) + " is not known", place);
}

Value parse_attr(const std::string& bytes, const AttrReader& reader, const Place& place) {
  return Attr(reader, place).value(parse<pb::AttrValue>(bytes, "attribute", place));
}

RawShape parse_shape(const std::string& bytes, const Place& place) {
  return raw_shape(parse<pb::TensorShapeProto>(bytes, "shape", place), place);
}

Shape shape_of(const RawShape& raw, const std::function<std::string()>& symbol) {
  if (!raw.dims) return Shape();
  Dims dims;
  for (const int64_t size : *raw.dims) dims.push_back(size < 0 ? Dim::symbol(symbol()) : Dim(size));
  return Shape(std::move(dims));
}

OpSignature parse_op_def(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::OpDef>(bytes, "function signature", place);
  OpSignature out;
  out.name = proto.name();
  for (const auto& arg : proto.input_arg()) out.ins.push_back(arg_of(arg, place));
  for (const auto& arg : proto.output_arg()) out.outs.push_back(arg_of(arg, place));
  out.control_outs.assign(proto.control_output().begin(), proto.control_output().end());
  return out;
}

}  // namespace keraft::formats::wire
