#include "formats/wire/messages.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "formats/wire/field.h"
#include "formats/wire/parse.h"
#include "formats/wire/proto/checkpoint.pb.h"
#include "formats/wire/proto/meta_graph.pb.h"

namespace keraft::formats::wire {
namespace {

RawShape raw_shape(bool present, const pb::TensorShapeProto& proto, const Place& place) {
  if (!present) return {std::nullopt, false};
  return parse_shape(proto.SerializeAsString(), place);
}

TensorInfo tensor_info(const pb::TensorInfo& proto, const Place& place) {
  return {proto.name(), dtype_of(proto.dtype(), place), raw_shape(proto.has_tensor_shape(), proto.tensor_shape(), place)};
}

// A map entry read on its own: libprotobuf has no class for it, but a map of one is the same bytes behind a tag.
template <class Map>
auto only_entry(const Map& map, const char* what, const Place& place) {
  if (map.size() != 1) throw Error(Status::format, std::string("a damaged ") + what, place);
  return *map.begin();
}

template <class Proto>
void copy_children(const Proto& from, Object& to, int count, const Place& place) {
  const auto known = [&](int id) {
    if (id < 0 || id >= count) throw Error(Status::format, "an object graph names an object that is not there", place);
    return id;
  };
  for (const auto& child : from.children()) to.children.emplace_back(child.local_name(), known(child.node_id()));
  for (const auto& slot : from.slot_variables())
    to.slots.push_back({known(slot.original_variable_node_id()), slot.slot_name(), known(slot.slot_variable_node_id())});
}

}  // namespace

MetaInfo parse_meta_info(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::MetaInfoDef>(bytes, "meta graph header", place);
  MetaInfo out;
  out.tags.assign(proto.tags().begin(), proto.tags().end());
  out.tensorflow = proto.tensorflow_version();
  for (const auto& op : proto.stripped_op_list().op()) {
    out.ops.insert_or_assign(op.name(), parse_op_def(op.SerializeAsString(), place));
  }
  return out;
}

Versions parse_versions(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::VersionDef>(bytes, "version record", place);
  return {proto.producer(), proto.min_consumer(), {proto.bad_consumers().begin(), proto.bad_consumers().end()}};
}

Saver parse_saver(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::SaverDef>(bytes, "saver record", place);
  return {proto.filename_tensor_name(), proto.restore_op_name(), static_cast<int>(proto.version())};
}

std::pair<std::string, Signature> parse_signature(const std::string& bytes, const Place& place) {
  const auto holder = parse<pb::MetaGraphDef>(field_head(5, bytes.size()) + bytes, "signature", place);
  const auto entry = only_entry(holder.signature_def(), "signature", place);
  Signature out;
  out.method = entry.second.method_name();
  for (const auto& [key, info] : entry.second.inputs()) out.inputs.emplace(key, tensor_info(info, place));
  for (const auto& [key, info] : entry.second.outputs()) out.outputs.emplace(key, tensor_info(info, place));
  return {entry.first, std::move(out)};
}

std::pair<std::string, Collection> parse_collection(const std::string& bytes, const Place& place) {
  const auto holder = parse<pb::MetaGraphDef>(field_head(4, bytes.size()) + bytes, "collection", place);
  const auto entry = only_entry(holder.collection_def(), "collection", place);
  Collection out;
  const auto& nodes = entry.second.node_list().value();
  const auto& values = entry.second.bytes_list().value();
  out.nodes.assign(nodes.begin(), nodes.end());
  out.bytes.assign(values.begin(), values.end());
  return {entry.first, std::move(out)};
}

std::optional<VariableDef> parse_variable_def(const std::string& bytes) {
  pb::VariableDef proto;
  if (!parsed(bytes, proto) || proto.variable_name().empty()) return std::nullopt;
  return VariableDef{proto.variable_name(), proto.snapshot_name(), proto.is_resource(), proto.trainable()};
}

int ObjectGraph::child(int id, std::string_view name) const {
  if (id < 0) return -1;
  for (const auto& [own, to] : nodes.at(static_cast<size_t>(id)).children) {
    if (own == name) return to;
  }
  return -1;
}

std::vector<int> ObjectGraph::listed(int id) const {
  if (id < 0) return {};
  std::map<int, int> sorted;
  for (const auto& [name, to] : nodes.at(static_cast<size_t>(id)).children) {
    int index = 0;
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, index);
    if (error == std::errc() && stop == end && index >= 0) sorted.emplace(index, to);
  }
  std::vector<int> out;
  for (const auto& [index, to] : sorted) out.push_back(to);
  return out;
}

ObjectGraph parse_saved_objects(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::SavedObjectGraph>(bytes, "object graph", place);
  ObjectGraph out;
  out.nodes.resize(static_cast<size_t>(proto.nodes_size()));
  for (int i = 0; i < proto.nodes_size(); ++i) {
    const auto node = parse<pb::SavedObject>(proto.nodes(i), "object graph", place);
    Object& object = out.nodes[static_cast<size_t>(i)];
    copy_children(node, object, proto.nodes_size(), place);
    object.variable = node.has_variable();
    object.trainable = node.variable().trainable();
    object.name = node.variable().name();
    const auto& user = node.user_object();
    if (!user.metadata().empty()) out.keras[i] = {user.identifier(), user.metadata()};
  }
  for (const auto& [name, function] : proto.concrete_functions()) {
    auto& ids = out.bound_inputs[name];
    for (const int id : function.bound_inputs()) {
      if (id < 0 || id >= proto.nodes_size())
        throw Error(Status::format, "an object graph names an object that is not there", place);
      ids.push_back(id);
    }
  }
  return out;
}

ObjectGraph parse_checkpoint_objects(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::TrackableObjectGraph>(bytes, "object graph of the checkpoint", place);
  ObjectGraph out;
  out.nodes.resize(static_cast<size_t>(proto.nodes_size()));
  for (int i = 0; i < proto.nodes_size(); ++i) {
    const auto node = parse<pb::TrackableObject>(proto.nodes(i), "object graph of the checkpoint", place);
    Object& object = out.nodes[static_cast<size_t>(i)];
    copy_children(node, object, proto.nodes_size(), place);
    for (const auto& attribute : node.attributes()) {
      if (attribute.name() != "VARIABLE_VALUE") continue;
      object.variable = true;
      object.checkpoint_key = attribute.checkpoint_key();
      object.full_name = attribute.full_name();
    }
  }
  return out;
}

BundleHeader parse_bundle_header(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::BundleHeaderProto>(bytes, "checkpoint header", place);
  return {proto.num_shards(), proto.endianness() == 1, proto.version().min_consumer()};
}

BundleEntry parse_bundle_entry(const std::string& bytes, const Place& place) {
  const auto proto = parse<pb::BundleEntryProto>(bytes, "checkpoint entry", place);
  BundleEntry out;
  out.dtype = dtype_of(proto.dtype(), place);
  const RawShape shape = parse_shape(proto.shape().SerializeAsString(), place);
  if (!shape.dims || std::any_of(shape.dims->begin(), shape.dims->end(), [](int64_t size) { return size < 0; })) {
    throw Error(Status::format, "a checkpoint entry without a full shape", place);
  }
  out.dims = *shape.dims;
  out.shard = proto.shard_id();
  out.offset = proto.offset();
  out.size = proto.size();
  out.crc = proto.crc32c();
  for (const auto& slice : proto.slices()) {
    auto& extents = out.slices.emplace_back();
    for (const auto& extent : slice.extent()) {
      extents.push_back(
          {extent.start(), extent.has_length_case() == pb::TensorSliceProto::Extent::kLength ? extent.length() : -1});
    }
  }
  return out;
}

}  // namespace keraft::formats::wire
