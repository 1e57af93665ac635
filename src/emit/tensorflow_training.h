// Loss and optimizer in TensorFlow's Python.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// One output of the model that is judged.
struct Judged {
  std::string prediction, target;  ///< in the code
  bool logits = false;             ///< the prediction is what comes before the activation that the loss wants
};

/// Does the loss come with code for logits of what this op would make of them ("tf/Softmax")?
bool takes_logits(const Loss& loss, std::string_view op, const Registry& registry);

/// Statements that set `loss`, indented by 12: of the outputs, and of penalties on variables (attribute → weight name).
/// Throws Status::unsupported, naming what has no code.
std::string loss_code(const Graph& layers, const std::vector<Judged>& judged,
                      const std::vector<std::pair<std::string, std::string>>& variables, const Registry& registry);

/// The class of the optimizer, with what creates its slots. `dtype`: of the weights. Throws as above.
std::string optimizer_code(const Optimizer& optimizer, DType dtype, const Registry& registry);

/// What its variables hold, by their names; slots only where they are known.
std::vector<std::pair<std::string, Tensor>> optimizer_weights(const Graph& layers, DType dtype, const Registry& registry);

/// Throws Status::unsupported for what Keras does while training beside the loss and the step: constraints, masks that reach
/// the loss, penalties on activities.
void check_training(const Graph& layers, const Registry& registry);

}  // namespace keraft::emit
