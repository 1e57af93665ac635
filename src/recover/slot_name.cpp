#include "recover/slot_name.h"

#include <algorithm>
#include <string_view>

namespace keraft::recover {
namespace {

/// Public attributes of keras.layers.Layer (3.15.1), of the generated class, and Python's keywords.
constexpr std::string_view not_for_weights =
    " "
    "activity_regularizer add_loss add_metric add_variable add_weight autocast build build_from_config built call "
    "call_signature_parameters compute_dtype compute_mask compute_output_shape compute_output_spec count_params "
    "dtype dtype_policy from_config get_build_config get_config get_weights input input_dtype input_spec "
    "load_own_variables losses metrics metrics_variables name non_trainable_variables non_trainable_weights output "
    "path quantization_mode quantize quantized_build quantized_call rematerialized_call save_own_variables "
    "set_weights stateless_call supports_jit supports_masking symbolic_call trainable trainable_variables "
    "trainable_weights variable_dtype variables weights form results constants op attributes False None True and as assert "
    "async await break class "
    "continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise "
    "return try while with yield ";

}  // namespace

std::string slot_name(const std::string& variable, const std::set<std::string>& taken) {
  std::string base;
  // What TensorFlow's freezing appends is no name: "scale/ReadVariableOp/resource".
  const std::string full = variable.substr(0, std::min(variable.find("/ReadVariableOp"), variable.size()));
  const std::string part = full.substr(full.rfind('/') + 1);
  for (const char c : part.substr(0, part.find(':'))) base += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  const bool taken_by_keras = not_for_weights.find(" " + base + " ") != std::string_view::npos;
  if (base.empty() || taken_by_keras || base[0] == '_' || std::isdigit(static_cast<unsigned char>(base[0]))) base = "w" + base;
  std::string name = base;
  for (int i = 1; taken.contains(name); ++i) name = base + "_" + std::to_string(i);
  return name;
}

}  // namespace keraft::recover
