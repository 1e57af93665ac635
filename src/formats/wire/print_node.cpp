#include "formats/wire/print_node.h"

#include <google/protobuf/text_format.h>

#include <cctype>

#include "formats/wire/field.h"
#include "formats/wire/parse.h"
#include "formats/wire/print_shape.h"
#include "formats/wire/proto/graph.pb.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t most_bytes = (uint64_t{1} << 31) - (1 << 20);

/// Type and sizes, and the elements of string tensors.
void set_tensor(const Tensor& tensor, pb::TensorProto& out) {
  out.set_dtype(static_cast<pb::DataType>(tensor.dtype));
  set_sizes(tensor.dims, *out.mutable_tensor_shape());
  if (!tensor.strings) return;
  for (const std::string& text : *tensor.strings) out.add_string_val(text);
}

class Attr {
 public:
  explicit Attr(const RawNode& node) : node_(node) {}

  void set(const RawAttr& attr, pb::AttrValue& out) const {
    if (std::isupper(static_cast<unsigned char>(attr.kind))) {
      const List* list = attr.value.get<List>();
      if (!list) fail(attr);
      auto& values = *out.mutable_list();
      for (const Value& one : *list) add(attr, one, values);
      return;
    }
    const Value& value = attr.value;
    switch (attr.kind) {
      case 't':
        return out.set_type(static_cast<pb::DataType>(get<DType>(attr, value)));
      case 'i':
        return out.set_i(get<int64_t>(attr, value));
      case 'f':
        return out.set_f(static_cast<float>(number(attr, value)));
      case 'b':
        return out.set_b(get<bool>(attr, value));
      case 's':
        return out.set_s(get<std::string>(attr, value));
      case 'h':
        return shape(attr, value, *out.mutable_shape());
      case 'u':
        return out.mutable_func()->set_name(get<FunctionRef>(attr, value).name);
      default:
        fail(attr);
    }
  }

 private:
  [[noreturn]] void fail(const RawAttr& attr) const {
    throw Error(Status::unsupported, "the attribute " + std::string(attr.name) + " cannot be written: " + attr.value.text(),
                {{}, {}, node_.name});
  }
  template <class T>
  const T& get(const RawAttr& attr, const Value& value) const {
    const T* typed = value.get<T>();
    if (!typed) fail(attr);
    return *typed;
  }
  double number(const RawAttr& attr, const Value& value) const {
    const auto found = value.number();
    if (!found) fail(attr);
    return *found;
  }
  void shape(const RawAttr& attr, const Value& value, pb::TensorShapeProto& out) const {
    if (const Shape* shape = value.get<Shape>()) return set_shape(*shape, out);
    const auto sizes = value.as_ints();
    if (!sizes) fail(attr);
    set_sizes(*sizes, out);
  }
  void add(const RawAttr& attr, const Value& value, pb::AttrValue::ListValue& out) const {
    switch (attr.kind) {
      case 'T':
        return out.add_type(static_cast<pb::DataType>(get<DType>(attr, value)));
      case 'I':
        return out.add_i(get<int64_t>(attr, value));
      case 'F':
        return out.add_f(static_cast<float>(number(attr, value)));
      case 'B':
        return out.add_b(get<bool>(attr, value));
      case 'S':
        return out.add_s(get<std::string>(attr, value));
      case 'H':
        return shape(attr, value, *out.add_shape());
      default:
        fail(attr);
    }
  }

  const RawNode& node_;
};

pb::NodeDef node_def(const RawNode& node) {
  pb::NodeDef out;
  out.set_name(node.name);
  out.set_op(node.op);
  for (const std::string& input : node.inputs) out.add_input(input);
  for (const RawAttr& attr : node.attrs) {
    auto& entry = *out.add_attr();
    entry.set_key(std::string(attr.name));
    Attr(node).set(attr, *entry.mutable_value());
  }
  return out;
}

template <class Message>
std::string text_of(const char* field, const Message& message) {
  std::string inner, out = std::string(field) + " {\n";
  google::protobuf::TextFormat::PrintToString(message, &inner);
  for (size_t at = 0; at < inner.size();) {
    const size_t end = inner.find('\n', at);
    out += "  " + inner.substr(at, end - at) + "\n";
    at = end == std::string::npos ? inner.size() : end + 1;
  }
  return out + "}\n";
}

pb::VersionDef versions(int producer, int min_consumer) {
  pb::VersionDef out;
  out.set_producer(producer);
  out.set_min_consumer(min_consumer);
  return out;
}

}  // namespace

std::string print_node(const RawNode& node, int field) {
  const std::string body = node_def(node).SerializeAsString();
  if (!node.value) return field_head(field, body.size()) + body;
  pb::TensorProto proto;
  set_tensor(*node.value, proto);
  const bool streamed = node.value->storage != nullptr;
  const uint64_t size = streamed ? node.value->bytes() : 0;
  if (size > most_bytes) {
    throw Error(
        Status::unsupported,
        "a constant of " + std::to_string(size) + " bytes; a graph cannot hold 2 GiB: write a SavedModel or a checkpoint",
        {{}, {}, node.name});
  }
  // Each message around the contents is as long as what is in it.
  std::string tensor = proto.SerializeAsString();
  if (streamed) tensor += field_head(4, size);
  uint64_t inside = tensor.size() + size;
  std::string out = std::move(tensor);
  const auto around = [&](const std::string& before, int number) {
    const std::string begin = before + field_head(number, inside);
    inside += begin.size();
    out = begin + out;
  };
  around({}, 8);               // AttrValue.tensor
  around("\x0A\x05value", 2);  // Entry.key, Entry.value
  around(body, 5);             // NodeDef.attr
  around({}, field);
  return out;
}

std::string print_node_text(const RawNode& node) {
  pb::NodeDef proto = node_def(node);
  if (node.value) {
    auto& entry = *proto.add_attr();
    entry.set_key("value");
    auto& tensor = *entry.mutable_value()->mutable_tensor();
    set_tensor(*node.value, tensor);
    if (node.value->storage) {
      const std::vector<std::byte> bytes = node.value->load();
      tensor.set_tensor_content(bytes.data(), bytes.size());
    }
  }
  return text_of("node", proto);
}

std::string print_versions(int producer, int min_consumer) {
  const std::string body = versions(producer, min_consumer).SerializeAsString();
  return field_head(4, body.size()) + body;
}

std::string print_versions_text(int producer, int min_consumer) {
  return text_of("versions", versions(producer, min_consumer));
}

}  // namespace keraft::formats::wire
