#include "formats/wire/print_saved_objects.h"

#include "formats/wire/field.h"
#include "formats/wire/print_shape.h"
#include "formats/wire/proto/object_graph.pb.h"
#include "formats/wire/proto/structured_value.pb.h"
#include "formats/wire/serialise.h"

namespace keraft::formats::wire {
namespace {

std::string field(int number, const std::string& bytes) { return field_head(number, bytes.size()) + bytes; }

void write_structured(const Structured& value, pb::StructuredValue& out);

void write_items(const Structured& value, pb::StructuredValue::Items& out) {
  for (const Structured& item : value.items) write_structured(item, *out.add_values());
}

void write_entry(const Structured& value, size_t index, pb::StructuredValue::Pair& out) {
  out.set_key(value.keys[index]);
  write_structured(value.items[index], *out.mutable_value());
}

void write_tensor(const Structured& value, pb::StructuredValue::TensorSpec& out) {
  out.set_name(value.text);
  out.set_dtype(static_cast<pb::DataType>(value.type.dtype));
  set_shape(value.type.shape, *out.mutable_shape());
}

void write_structured(const Structured& value, pb::StructuredValue& out) {
  using Kind = Structured::Kind;
  switch (value.kind) {
    case Kind::none:
      out.mutable_none_value();
      return;
    case Kind::flag:
      return out.set_bool_value(value.flag);
    case Kind::text:
      return out.set_string_value(value.text);
    case Kind::tensor:
      return write_tensor(value, *out.mutable_tensor_spec_value());
    case Kind::tuple:
      return write_items(value, *out.mutable_tuple_value());
    case Kind::list:
      return write_items(value, *out.mutable_list_value());
    case Kind::dict:
      out.mutable_dict_value();
      for (size_t i = 0; i < value.items.size(); ++i) write_entry(value, i, *out.mutable_dict_value()->add_fields());
      return;
    case Kind::named_tuple:
      out.mutable_named_tuple_value()->set_name(value.text);
      for (size_t i = 0; i < value.items.size(); ++i) write_entry(value, i, *out.mutable_named_tuple_value()->add_values());
      return;
  }
}

pb::StructuredValue structured(const Structured& value) {
  pb::StructuredValue out;
  write_structured(value, out);
  return out;
}

/// The kind of a SavedObject, as a field of it.
struct KindWriter {
  std::string operator()(const std::string& identifier) const {
    pb::SavedObject out;
    out.mutable_user_object()->set_identifier(identifier);
    out.mutable_user_object()->mutable_version()->set_producer(1);
    out.mutable_user_object()->mutable_version()->set_min_consumer(1);
    return bytes_of(out);
  }
  std::string operator()(const SavedNode::Variable& variable) const {
    pb::SavedObject out;
    auto& to = *out.mutable_variable();
    to.set_name(variable.name);
    to.set_dtype(static_cast<pb::DataType>(variable.type.dtype));
    to.set_trainable(variable.trainable);
    set_shape(variable.type.shape, *to.mutable_shape());
    return bytes_of(out);
  }
  std::string operator()(const SavedNode::Function& function) const {
    pb::FunctionSpec spec;
    *spec.mutable_fullargspec() = structured(function.arguments);
    spec.mutable_input_signature()->mutable_none_value();
    pb::SavedFunction out;
    for (const std::string& name : function.concrete) out.add_concrete_functions(name);
    return field(6, bytes_of(out) + field(2, bytes_of(spec)));
  }
  std::string operator()(const SavedNode::Signature& signature) const {
    pb::SavedObject out;
    auto& to = *out.mutable_bare_concrete_function();
    to.set_concrete_function_name(signature.concrete);
    for (const std::string& keyword : signature.keywords) to.add_argument_keywords(keyword);
    if (signature.keywords.size() == 1) to.set_allowed_positional_arguments(1);
    return bytes_of(out);
  }
};

std::string node_bytes(const SavedNode& node) {
  pb::SavedObject children;
  for (const auto& [name, id] : node.children) {
    auto& child = *children.add_children();
    child.set_local_name(name);
    child.set_node_id(id);
  }
  return bytes_of(children) + std::visit(KindWriter{}, node.kind);
}

std::string function_bytes(const ConcreteFunction& function) {
  pb::SavedConcreteFunction bound;
  for (const int id : function.bound) bound.add_bound_inputs(id);
  const std::string value =
      bytes_of(bound) + field(3, bytes_of(structured(function.inputs))) + field(4, bytes_of(structured(function.outputs)));
  return field(1, function.name) + field(2, value);
}

}  // namespace

std::string print_saved_objects(const std::vector<SavedNode>& nodes, const std::vector<ConcreteFunction>& functions) {
  std::string out;
  for (const SavedNode& node : nodes) out += field(1, node_bytes(node));
  for (const ConcreteFunction& function : functions) out += field(2, function_bytes(function));
  return field(7, out);
}

}  // namespace keraft::formats::wire
