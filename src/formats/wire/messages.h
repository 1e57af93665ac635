// Small TensorFlow messages as plain structs. libprotobuf stays behind this header.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/value.hpp"

namespace keraft::formats::wire {

/// The type of a DataType number; reference types are the type they refer to. Throws Status::unsupported for numbers that
/// keraft has no type for.
DType dtype_of(int64_t number, const Place& place);

/// Sizes as the file has them: -1 where unknown; nothing when the rank is.
struct RawShape {
  std::optional<std::vector<int64_t>> dims;
  bool present = true;  ///< false: no shape was written at all
};

/// An attribute that is no tensor. `tensors` decodes the bytes of a TensorProto in a list. Unknown sizes get a name of their
/// own from `symbol`. An attribute that the caller of the function binds comes as ir::from_caller.
struct AttrReader {
  std::function<Tensor(const std::string& bytes)> tensor;
  std::function<std::string()> symbol;
  int depth = 64;
};
Value parse_attr(const std::string& bytes, const AttrReader& reader, const Place& place);

RawShape parse_shape(const std::string& bytes, const Place& place);
Shape shape_of(const RawShape& raw, const std::function<std::string()>& symbol);

struct OpSignature {
  struct Arg {
    std::string name;
    DType type = DType::invalid;
    std::string type_attr, number_attr, type_list_attr;
  };
  std::string name;
  std::vector<Arg> ins, outs;
  std::vector<std::string> control_outs;
};
OpSignature parse_op_def(const std::string& bytes, const Place& place);

struct MetaInfo {
  std::vector<std::string> tags;
  std::string tensorflow;  ///< version, as written
  std::map<std::string, OpSignature, std::less<>> ops;
};
MetaInfo parse_meta_info(const std::string& bytes, const Place& place);

struct Versions {
  int producer = 0, min_consumer = 0;
  std::vector<int> bad_consumers;
};
Versions parse_versions(const std::string& bytes, const Place& place);

struct Saver {
  std::string filename_tensor, restore_op;
  int version = 0;  ///< 2: V2
};
Saver parse_saver(const std::string& bytes, const Place& place);

struct TensorInfo {
  std::string name;  ///< "node:0"; empty for sparse and composite tensors
  DType dtype = DType::invalid;
  RawShape shape;
};
struct Signature {
  std::map<std::string, TensorInfo> inputs, outputs;
  std::string method;
};
/// An entry of the map: key and signature.
std::pair<std::string, Signature> parse_signature(const std::string& bytes, const Place& place);

struct Collection {
  std::vector<std::string> nodes, bytes;
};
std::pair<std::string, Collection> parse_collection(const std::string& bytes, const Place& place);

struct VariableDef {
  std::string name, snapshot;
  bool resource = false, trainable = false;
};
/// Nothing when the bytes are no VariableDef.
std::optional<VariableDef> parse_variable_def(const std::string& bytes);

/// Objects of a SavedModel or of a checkpoint.
struct Object {
  std::vector<std::pair<std::string, int>> children;
  struct Slot {
    int variable = 0;  ///< node of what is trained
    std::string name;  ///< "momentum"
    int slot = 0;      ///< node of what is kept for it
  };
  std::vector<Slot> slots;  ///< of an optimizer
  bool variable = false, trainable = false;
  std::string name;                       ///< of a variable
  std::string checkpoint_key, full_name;  ///< of a variable in a checkpoint
};
struct KerasObject {
  std::string identifier, metadata;
};
struct ObjectGraph {
  std::vector<Object> nodes;
  std::map<std::string, std::vector<int>, std::less<>> bound_inputs;  ///< by concrete function
  std::map<int, KerasObject> keras;                                   ///< by node; TensorFlow before 2.5 tells them here

  /// The node that `id` has under this name, or -1; -1 for id -1.
  int child(int id, std::string_view name) const;
  /// What is in a list's node, in order; nothing for id -1.
  std::vector<int> listed(int id) const;
};
ObjectGraph parse_saved_objects(const std::string& bytes, const Place& place);
ObjectGraph parse_checkpoint_objects(const std::string& bytes, const Place& place);

struct BundleHeader {
  int shards = 0;
  bool big_endian = false;
  int min_consumer = 0;
};
BundleHeader parse_bundle_header(const std::string& bytes, const Place& place);

struct Extent {
  int64_t start = 0, length = -1;  ///< -1: the whole dimension
};
struct BundleEntry {
  DType dtype = DType::invalid;
  std::vector<int64_t> dims;
  int shard = 0;
  int64_t offset = 0, size = 0;
  uint32_t crc = 0;
  std::vector<std::vector<Extent>> slices;
};
BundleEntry parse_bundle_entry(const std::string& bytes, const Place& place);

enum class TextKind { graph, meta_graph, saved_model };
/// The same message in the binary form. Throws Status::format with line and column.
std::string binary_of_text(TextKind kind, std::string text, const Place& place, int depth);
/// model_checkpoint_path of a `checkpoint` file; empty when there is none.
std::string checkpoint_state(const std::string& text, const Place& place);

}  // namespace keraft::formats::wire
