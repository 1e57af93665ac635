// TensorFlow checkpoints, V2: PREFIX.index and PREFIX.data-00000-of-00001 …
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "base/file.h"
#include "formats/wire/messages.h"
#include "keraft/tensor.hpp"

namespace keraft::formats {

/// Of the objects that a checkpoint was made of.
inline constexpr const char* object_graph_key = "_CHECKPOINTABLE_OBJECT_GRAPH";
/// Ends the keys of objects' tensors. TensorFlow restores no object by a key without it.
inline constexpr std::string_view object_value = "/.ATTRIBUTES/VARIABLE_VALUE";

class Checkpoint {
 public:
  /// Throws Status::io when there is no index, Status::unsupported for a V1 checkpoint. With a root, a folder above the prefix,
  /// no link may lead out of that.
  static std::shared_ptr<Checkpoint> open(const std::string& prefix, base::Budget& budget, const std::string& root = {});

  const std::string& prefix() const noexcept { return prefix_; }
  bool has(std::string_view key) const { return entries_.find(key) != entries_.end(); }
  /// Keys of whole tensors, sorted; parts of tensors, the object graph and second keys of one tensor are not listed.
  std::vector<std::string> keys() const;
  /// Of the whole tensor.
  DType dtype(const std::string& key) const { return entry(key).dtype; }
  const std::vector<int64_t>& dims(const std::string& key) const { return entry(key).dims; }
  /// The whole tensor, its bytes still in the data file; they are compared with their checksum when first read. A tensor
  /// stored in parts is put together. `slice` is the text form of a part, "10 4 0,5:0,4"; empty for all. Throws Status::format
  /// with the key when it is absent or its data file is missing or too short.
  Tensor tensor(const std::string& key, const std::string& slice = {});
  /// The object graph of TF2 checkpoints.
  std::optional<wire::ObjectGraph> objects();

 private:
  Checkpoint(std::string prefix, std::string root, base::Budget& budget)
      : prefix_(std::move(prefix)), root_(std::move(root)), budget_(budget) {}
  std::shared_ptr<const base::File> file(const std::string& path) const;
  void check_overlaps() const;
  bool is_second_key(const std::string& key) const;
  const wire::BundleEntry& entry(const std::string& key) const;
  std::shared_ptr<const base::File> shard(int number, const std::string& key);
  std::shared_ptr<const Storage> bytes(const wire::BundleEntry& entry, const std::string& key);
  Tensor strings(const wire::BundleEntry& entry, const std::string& key);
  [[noreturn]] void fail(const std::string& key, const std::string& what, Status status = Status::format) const;

  std::string prefix_, root_;
  base::Budget& budget_;
  wire::BundleHeader header_;
  std::map<std::string, wire::BundleEntry, std::less<>> entries_;
  std::map<int, std::shared_ptr<const base::File>> shards_;
};

/// The key under which one part of a tensor is stored.
std::string slice_key(const std::string& name, const std::vector<wire::Extent>& extents);
/// "10 4 0,5:0,4" or "10 4 -:0,2": sizes of the whole and the part. Nothing when it is malformed.
struct SliceSpec {
  std::vector<int64_t> dims, start, extent;
};
std::optional<SliceSpec> parse_slice(const std::string& text);

}  // namespace keraft::formats
