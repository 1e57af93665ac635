// What a MetaGraph and its checkpoint say about each variable.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "formats/checkpoint/checkpoint.h"
#include "formats/meta_graph/meta_graph.h"
#include "formats/meta_graph/restore.h"
#include "weights/bind_variables.h"

namespace keraft::reading {

using namespace keraft::formats;

class VariableTable {
 public:
  /// `graph` is the whole main graph, nothing pruned.
  VariableTable(const Graph& graph, const MetaGraph& meta, FunctionLibrary& functions);

  /// `prefix` of the checkpoint; it is opened when the first variable is asked for.
  void set_checkpoint(std::string prefix, std::string root, base::Budget& budget);
  weights::Variable lookup(const Node& node);
  /// From now on moving averages are looked up instead of the variables that they follow: `shadows` by node of the variable,
  /// others by the names that TensorFlow gives them in the checkpoint.
  void use_shadows(std::map<std::string, std::string> shadows);
  bool used_shadow() const noexcept { return used_shadow_; }
  /// Where the variables were found; null while none was asked for.
  Checkpoint* found_in() const noexcept { return checkpoint_.get(); }
  void use(const std::string& key) { used_.insert(key); }
  /// Everything stored that nobody asked for, by variable name where it is known, else by key.
  std::vector<std::string> unused();

 private:
  struct Known {
    std::string name;  ///< of the object, or the node
    std::optional<bool> trainable;
    std::vector<std::string> evidence;
    std::optional<Restored> restored;
    std::string object_key;  ///< by the object graphs
    int object = -1;
    std::string copy_of_this;  ///< node of a variable that starts as a copy of this one
  };
  void read_collections(const MetaGraph& meta);
  void read_objects(const Graph& graph, const wire::ObjectGraph& objects);
  void read_copies(const Graph& graph);
  void match_checkpoint_objects();
  Checkpoint& checkpoint(const Node& node);
  std::string key_of(const Node& node, const Known& known);
  std::string shadow_key(const Node& node, const std::string& key);

  std::map<std::string, Known> known_;
  const wire::ObjectGraph* objects_ = nullptr;  ///< of the meta graph, which lives longer
  std::set<std::string> trainable_, listed_;
  bool has_trainable_list_ = false;
  std::string prefix_, root_;
  base::Budget* budget_ = nullptr;
  std::shared_ptr<Checkpoint> checkpoint_;
  std::set<std::string> used_;
  std::optional<std::map<std::string, std::string>> shadows_;
  bool used_shadow_ = false;
};

}  // namespace keraft::reading
