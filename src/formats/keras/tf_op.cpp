#include "formats/keras/tf_op.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "cards/number_tensor.h"
#include "cards/op_types.h"
#include "formats/keras/dict.h"

namespace keraft::formats {
namespace {

constexpr size_t most_inputs = 4096;

DType type_of(const std::string& name) {
  if (!name.starts_with("DT_")) return DType::invalid;
  std::string plain = name.substr(3);
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return dtype_named(plain == "float" ? "float32" : plain == "double" ? "float64" : plain == "half" ? "float16" : plain);
}

std::optional<std::string> from_base64(std::string_view text) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = (held << 6 | static_cast<uint32_t>(digit)) & 0xFFFFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(held >> bits & 0xFF);
  }
  return out;
}

/// One value of an attribute of that kind (OpTypes::Attr) in the JSON of protocol buffers; nothing when it is none.
std::optional<Value> attribute(char kind, const Value& value) {
  const std::string* text = value.get<std::string>();
  switch (kind) {
    case 't': {
      const DType type = text ? type_of(*text) : DType::invalid;
      return type == DType::invalid ? std::nullopt : std::optional(Value(type));
    }
    case 'i': {
      if (value.get<int64_t>()) return value;
      int64_t number = 0;
      if (!text) return std::nullopt;
      const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
      return error == std::errc() && end == text->data() + text->size() ? std::optional(Value(number)) : std::nullopt;
    }
    case 'f': {
      if (const auto number = value.number()) return Value(*number);
      constexpr double infinity = std::numeric_limits<double>::infinity();
      if (!text || (*text != "NaN" && *text != "Infinity" && *text != "-Infinity")) return std::nullopt;
      return Value(*text == "NaN" ? std::nan("") : *text == "Infinity" ? infinity : -infinity);
    }
    case 'b':
      return value.get<bool>() ? std::optional(value) : std::nullopt;
    case 's': {
      const auto plain = text ? from_base64(*text) : std::nullopt;
      return plain ? std::optional(Value(*plain)) : std::nullopt;
    }
    case 'h': {
      const Dict* shape = value.get<Dict>();
      if (!shape) return std::nullopt;
      if (const Value* unknown = entry(*shape, "unknownRank"); unknown && *unknown == Value(true)) return Value(Shape());
      Dims dims;
      const List* sizes = list_in(*shape, "dim");
      for (const Value& one : sizes ? *sizes : List{}) {
        const Dict* size = one.get<Dict>();
        const Value* number = size ? entry(*size, "size") : nullptr;
        const auto known = number ? attribute('i', *number) : std::nullopt;
        if (!known || *known->get<int64_t>() < 0) return std::nullopt;
        dims.emplace_back(*known->get<int64_t>());
      }
      return Value(Shape(std::move(dims)));
    }
    default:
      return std::nullopt;
  }
}

/// The name under which an attribute of that kind stands in its object.
const char* word_of(char kind) {
  switch (kind) {
    case 't':
      return "type";
    case 'i':
      return "i";
    case 'f':
      return "f";
    case 'b':
      return "b";
    case 's':
      return "s";
    case 'h':
      return "shape";
    default:
      return "";
  }
}

/// False for an attribute that is not what the op says.
bool read_attribute(const cards::OpTypes::Attr& attr, const Dict& given, Dict& out) {
  const bool many = attr.kind >= 'A' && attr.kind <= 'Z';
  const char kind = many ? static_cast<char>(attr.kind + 32) : attr.kind;
  const Dict* list = many ? dict_in(given, "list") : nullptr;
  const Value* found = entry(many ? (list ? *list : Dict{}) : given, word_of(kind));
  if (!many) {
    const auto value = found ? attribute(kind, *found) : std::nullopt;
    if (value) out[attr.name] = *value;
    return value.has_value();
  }
  if (!list) return false;
  List values;
  const List* several = found ? found->get<List>() : nullptr;
  for (const Value& one : several ? *several : List{}) {
    const auto value = attribute(kind, one);
    if (!value) return false;
    values.push_back(*value);
  }
  out[attr.name] = std::move(values);
  return true;
}

/// The type of each input; invalid where the op does not say it in an attribute. Nothing for numbers of inputs that cannot be.
std::optional<std::vector<DType>> input_types(const cards::OpTypes& types, const Dict& attrs) {
  std::vector<DType> out;
  const auto type_at = [&](std::string_view name) {
    const auto found = attrs.find(name);
    const DType* type = found == attrs.end() ? nullptr : found->second.get<DType>();
    return type ? *type : DType::invalid;
  };
  for (const cards::OpTypes::Arg& arg : types.ins) {
    if (!arg.types.empty()) {
      const List* list = list_in(attrs, arg.types);
      for (const Value& one : list ? *list : List{}) out.push_back(one.get<DType>() ? *one.get<DType>() : DType::invalid);
      continue;
    }
    int64_t count = 1;
    if (!arg.count.empty()) {
      const Value* number = entry(attrs, arg.count);
      if (!number || !number->get<int64_t>()) return std::nullopt;
      count = *number->get<int64_t>();
    }
    if (count < 0 || static_cast<uint64_t>(count) > most_inputs) return std::nullopt;
    out.insert(out.end(), static_cast<size_t>(count), type_at(arg.type));
  }
  return out;
}

Tensor constant_of(const Value& value, DType type, const Place& place) {
  std::vector<int64_t> dims;
  std::vector<Value> numbers;
  bool real = false;
  if (!cards::flatten(value, dims, numbers, real)) throw Error(Status::format, "a constant is no tensor", place);
  const bool truth = !numbers.empty() && numbers.front().get<bool>();
  // Inputs of a fixed type are sizes, axes, scales or masks.
  if (type == DType::invalid) type = truth ? DType::boolean : real ? DType::f32 : DType::i32;
  return cards::value_tensor(type, std::move(dims), numbers);
}

}  // namespace

ParsedOperation parse_tf_op(const Dict& config, const Value& call, const Place& place) {
  const Dict& def = wanted<Dict>(config, "node_def", place);
  const std::string& op = wanted<std::string>(def, "op", place);
  const auto types = cards::op_types(op);
  ParsedOperation out;
  out.op = "tf/" + op;
  out.tensors = parse_call(call, {}, place).tensors;
  if (!types) return out;
  const Dict* given = dict_in(def, "attr");
  for (const auto& [name, value] : given ? *given : Dict{}) {
    if (name.starts_with('_')) continue;
    const auto known =
        std::find_if(types->attrs.begin(), types->attrs.end(), [&key = name](const auto& one) { return one.name == key; });
    const Dict* words = value.get<Dict>();
    if (known == types->attrs.end() || !words || !read_attribute(*known, *words, out.attrs)) {
      throw Error(Status::unsupported,
                  "the attribute " + base::escaped(name) + " of the op " + base::escaped(op) + " cannot be read", place);
    }
  }
  const Dict* held = dict_in(config, "constants");
  const Dict constants = held ? *held : Dict();
  const auto inputs = input_types(*types, out.attrs);
  if (!inputs || inputs->size() != out.tensors.size() + constants.size())
    throw Error(Status::format, "the op " + base::escaped(op) + " has another number of inputs", place);
  for (size_t i = 0; i < inputs->size(); ++i) {
    const Value* constant = entry(constants, std::to_string(i));
    if (!constant) continue;
    out.constants.push_back(constant_of(*constant, (*inputs)[i], place));
    out.places.push_back(i);
  }
  if (out.constants.size() != constants.size()) throw Error(Status::format, "a constant of an input that is not there", place);
  return out;
}

}  // namespace keraft::formats
