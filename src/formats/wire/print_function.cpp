#include "formats/wire/print_function.h"

#include "formats/wire/print_shape.h"
#include "formats/wire/proto/graph.pb.h"
#include "formats/wire/serialise.h"

namespace keraft::formats::wire {
namespace {

void set_arg(const std::string& name, DType dtype, pb::OpDef::ArgDef& out) {
  out.set_name(name);
  out.set_type(static_cast<pb::DataType>(dtype));
}

void add_entry(const std::string& key, const std::string& value, pb::FunctionDef::Entry& out) {
  out.set_key(key);
  out.set_value(value);
}

}  // namespace

std::string print_function_head(const FunctionHead& function) {
  pb::FunctionDef out;
  pb::OpDef& signature = *out.mutable_signature();
  signature.set_name(function.name);
  signature.set_is_stateful(true);
  auto& shapes = *(*out.mutable_attr())["_input_shapes"].mutable_list();
  for (const FunctionHead::Arg& arg : function.args) {
    set_arg(arg.name, arg.type.dtype, *signature.add_input_arg());
    set_shape(arg.type.shape, *shapes.add_shape());
  }
  for (const FunctionHead::Result& result : function.results) {
    set_arg(result.name, result.type.dtype, *signature.add_output_arg());
    add_entry(result.name, result.from, *out.add_ret());
  }
  for (const std::string& node : function.effects) {
    signature.add_control_output(node);
    add_entry(node, node, *out.add_control_ret());
  }
  return bytes_of(out);
}

}  // namespace keraft::formats::wire
