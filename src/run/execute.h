// One node on arrays.
#pragma once

#include "cards/op_card.h"
#include "kernels/context.h"
#include "run/memory.h"

namespace keraft::run {

/// What all steps share.
struct Environment {
  Environment(const Control& control_, std::shared_ptr<Memory> memory_)
      : control(control_),
        memory(std::move(memory_)),
        kernels(control_.threads),
        allocate([this](DType dtype, std::vector<int64_t> dims) { return memory->allocate(dtype, std::move(dims)); }) {}
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Control control;
  std::shared_ptr<Memory> memory;
  kernels::Kernels kernels;
  std::function<Array(DType, std::vector<int64_t>)> allocate;
};

/// The shapes of a node's outputs for these inputs. Errors name the node.
ShapeContext inferred(const Node& node, const OpCard& card, const std::vector<const Array*>& in);

/// Runs the card's kernel. `last[i]`: nobody reads input i later. Errors name the node.
std::vector<Array> execute(const Node& node, const OpCard& card, std::vector<const Array*> in, std::vector<bool> last,
                           Environment& env);

/// Throws what is thrown inside `fn` as an Error that names the node.
void at_node(const Node& node, const std::function<void()>& fn);

/// Kernels read truth values as 0 and 1; every other byte of a bool array becomes 1.
void normalise_truth(Array& array);

}  // namespace keraft::run
