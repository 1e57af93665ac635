// Classes of Keras as its files name their groups.
#pragma once

#include <string>
#include <string_view>

namespace keraft::cards {

/// Keras 3: "BatchNormalization" → "batch_normalization", "ConvLSTM2D" → "conv_lstm2d".
std::string snake_case(std::string_view cls);
/// Keras 2.15 and tf_keras: the same but where capitals and digits meet: "ConvLSTM2D" → "conv_lst_m2d".
std::string snake_case_keras2(std::string_view cls);

}  // namespace keraft::cards
