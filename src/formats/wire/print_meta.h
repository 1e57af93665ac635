// The messages of checkpoints and meta graphs, as bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/wire/messages.h"
#include "keraft/graph.hpp"

namespace keraft::formats::wire {

std::string print_bundle_header();
std::string print_bundle_entry(const BundleEntry& entry);

/// Of a checkpoint.
std::string print_objects(const ObjectGraph& objects);

struct VariableRecord {
  std::string name, assign, initial, read;  ///< nodes
  bool trainable = true;
};
struct NamedTensor {
  std::string key, tensor;  ///< "x", "node:0"
  TensorType type;
};

// Fields of a MetaGraphDef.
std::string print_meta_info(const std::vector<std::string>& tags);
/// `size` bytes of a graph are to follow.
std::string print_graph_head(uint64_t size);
std::string print_saver(const std::string& filename, const std::string& save, const std::string& restore);
std::string print_variables(const std::string& collection, const std::vector<VariableRecord>& variables);
std::string print_signature(const std::string& key, const std::vector<NamedTensor>& inputs,
                            const std::vector<NamedTensor>& outputs);
/// What stands before a MetaGraphDef of `size` bytes in a SavedModel.
std::string print_saved_model_head(uint64_t size);

}  // namespace keraft::formats::wire
