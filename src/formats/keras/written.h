// The end of every write: read back, compare, and put in place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "formats/keras/compile.h"
#include "formats/keras/plan.h"
#include "formats/keras/stream.h"
#include "keraft/control.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// What a written file is to hold; a small part of the size of the graph that it was made of, which may be gone.
class Expected {
 public:
  /// `weights`: what was streamed, of the graph and of `state`.
  Expected(const Graph& graph, const Plan& plan, const std::vector<Placed>& weights, const std::optional<CompileState>& state,
           const Registry& registry);

  /// Throws Status::internal unless `read` holds the same layers, calls, inputs, outputs, weights and optimizer variables.
  void compare(const Graph& read, const Control& control) const;
  /// Renames the finished file into place, with the generated classes of the graph in a `.py` beside it.
  void commit(base::AtomicFile& file, const std::string& path) const;

 private:
  /// A layer, an input or an operation. Texts that are compared and never shown are their hashes.
  struct Entry {
    Name name, cls, registered;
    size_t calls = 0, config = 0;
    bool is_layer = false, is_operation = false, trainable = true;
    uint32_t weights = 0;  ///< how many
  };
  static Entry entry(const Graph& graph, const Plan& plan, const PlanEntry& from);

  std::vector<Entry> entries_;                               ///< by name
  std::vector<Contents> weights_;                            ///< of the entries, one after another
  std::vector<Name> slots_;                                  ///< of the weights
  std::vector<std::pair<std::string, Contents>> variables_;  ///< of the optimizer
  size_t inputs_ = 0, outputs_ = 0;
  std::string classes_;  ///< Python; empty: there are none
};

}  // namespace keraft::formats
