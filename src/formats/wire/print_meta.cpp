#include "formats/wire/print_meta.h"

#include "formats/wire/field.h"
#include "formats/wire/print_shape.h"
#include "formats/wire/proto/checkpoint.pb.h"
#include "formats/wire/proto/meta_graph.pb.h"
#include "formats/wire/proto/object_graph.pb.h"
#include "formats/wire/serialise.h"

namespace keraft::formats::wire {
namespace {

pb::TensorInfo tensor_info(const NamedTensor& tensor) {
  pb::TensorInfo out;
  out.set_name(tensor.tensor);
  out.set_dtype(static_cast<pb::DataType>(tensor.type.dtype));
  set_shape(tensor.type.shape, *out.mutable_tensor_shape());
  return out;
}

}  // namespace

std::string print_bundle_header() {
  pb::BundleHeaderProto out;
  out.set_num_shards(1);
  out.mutable_version()->set_producer(1);
  return bytes_of(out);
}

std::string print_bundle_entry(const BundleEntry& entry) {
  pb::BundleEntryProto out;
  out.set_dtype(static_cast<pb::DataType>(entry.dtype));
  set_sizes(entry.dims, *out.mutable_shape());
  out.set_shard_id(entry.shard);
  out.set_offset(entry.offset);
  out.set_size(entry.size);
  out.set_crc32c(entry.crc);
  return bytes_of(out);
}

std::string print_objects(const ObjectGraph& objects) {
  pb::TrackableObjectGraph out;
  for (const Object& object : objects.nodes) {
    pb::TrackableObject one;
    for (const auto& [name, id] : object.children) {
      auto& child = *one.add_children();
      child.set_local_name(name);
      child.set_node_id(id);
    }
    if (object.variable) {
      auto& value = *one.add_attributes();
      value.set_name("VARIABLE_VALUE");
      value.set_full_name(object.full_name);
      value.set_checkpoint_key(object.checkpoint_key);
    }
    out.add_nodes(bytes_of(one));
  }
  return bytes_of(out);
}

std::string print_meta_info(const std::vector<std::string>& tags) {
  pb::MetaGraphDef out;
  for (const std::string& tag : tags) out.mutable_meta_info_def()->add_tags(tag);
  return bytes_of(out);
}

std::string print_graph_head(uint64_t size) { return field_head(2, size); }

std::string print_saver(const std::string& filename, const std::string& save, const std::string& restore) {
  pb::MetaGraphDef out;
  auto& saver = *out.mutable_saver_def();
  saver.set_filename_tensor_name(filename);
  saver.set_save_tensor_name(save);
  saver.set_restore_op_name(restore);
  saver.set_max_to_keep(5);
  saver.set_keep_checkpoint_every_n_hours(10000);
  saver.set_version(pb::SaverDef::V2);
  return bytes_of(out);
}

std::string print_variables(const std::string& collection, const std::vector<VariableRecord>& variables) {
  pb::MetaGraphDef out;
  auto& list = *(*out.mutable_collection_def())[collection].mutable_bytes_list();
  for (const VariableRecord& variable : variables) {
    pb::VariableDef def;
    def.set_variable_name(variable.name + ":0");
    def.set_initializer_name(variable.assign);
    def.set_initial_value_name(variable.initial + ":0");
    def.set_snapshot_name(variable.read + ":0");
    def.set_is_resource(true);
    def.set_trainable(variable.trainable);
    list.add_value(bytes_of(def));
  }
  return bytes_of(out);
}

std::string print_signature(const std::string& key, const std::vector<NamedTensor>& inputs,
                            const std::vector<NamedTensor>& outputs) {
  pb::MetaGraphDef out;
  auto& signature = (*out.mutable_signature_def())[key];
  for (const NamedTensor& tensor : inputs) (*signature.mutable_inputs())[tensor.key] = tensor_info(tensor);
  for (const NamedTensor& tensor : outputs) (*signature.mutable_outputs())[tensor.key] = tensor_info(tensor);
  signature.set_method_name("tensorflow/serving/predict");
  return bytes_of(out);
}

std::string print_saved_model_head(uint64_t size) { return std::string("\x08\x01") + field_head(2, size); }

}  // namespace keraft::formats::wire
