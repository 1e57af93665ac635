// How Keras names things inside its files.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace keraft::formats {

/// Keras 3: "BatchNormalization" → "batch_normalization", "ConvLSTM2D" → "conv_lstm2d".
std::string snake_case(std::string_view cls);
/// Keras 2.15 and tf_keras: the same but where capitals and digits meet: "ConvLSTM2D" → "conv_lst_m2d".
std::string snake_case_keras2(std::string_view cls);

/// dense, dense_1, dense_2, …
class Numbered {
 public:
  std::string next(const std::string& name);

 private:
  std::map<std::string, int, std::less<>> used_;
};

/// A layer name that Keras 2 and 3 accept and that is safe as an HDF5 path.
bool legal_layer_name(std::string_view name) noexcept;

}  // namespace keraft::formats
