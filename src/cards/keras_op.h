// The functions of keras.ops as Keras writes them into files, and their TensorFlow twins. Facts about Keras; which TensorFlow
// op says what stands in the op cards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keraft/value.hpp"

namespace keraft::cards {

/// A function of keras.ops whose calls are nodes of a Keras model.
struct KerasOp {
  struct Param {
    std::string name;
    bool setting = false;          ///< of the node's config; else an argument of the call
    bool list = false;             ///< takes any number of tensors as one list
    bool variadic = false;         ///< takes any number of tensors one by one
    bool like_input = false;       ///< a setting of the type of the tensors
    DType dtype = DType::invalid;  ///< of an argument whose type is not that of the others
    std::optional<Value> fallback;

    bool many() const { return list || variadic; }
  };
  /// An argument of the TensorFlow function, for the parameter in the same place.
  struct Twin {
    std::string name, codec;
    Value fixed;  ///< not null: no parameter of Keras, always said
  };

  std::string module, cls, function;
  bool gives_list = false;
  std::vector<Param> params;
  std::string tensorflow;  ///< public name without "tf."; empty: none computes the same
  std::vector<Twin> twins;

  const Param* param(std::string_view name) const;
  /// The value of a setting as the TensorFlow function takes it; nothing when it has no such form.
  static std::optional<Value> to_tensorflow(const Twin& twin, const Value& value);
  static std::optional<Value> from_tensorflow(const Twin& twin, const Value& value);
};

/// Where a tensor is cut ([1, 3]) ↔ how long the parts are ([1, 2, -1]); nothing where the sizes do not say it.
Value sizes_of(const std::vector<int64_t>& cuts);
std::optional<Value> cuts_of(const std::vector<int64_t>& sizes);

/// By class ("Multiply"), by function ("multiply"), by TensorFlow's name ("math.multiply"); null when there is none.
const KerasOp* keras_op(std::string_view cls);
const KerasOp* keras_function(std::string_view function);
const KerasOp* tensorflow_function(std::string_view name);

}  // namespace keraft::cards
