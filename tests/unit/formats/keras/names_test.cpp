#include "formats/keras/names.h"

#include <catch2/catch.hpp>

using namespace keraft::formats;

TEST_CASE("group names are the snake case of Keras 3", "[keras]") {
  const std::pair<const char*, const char*> cases[] = {
      {"Dense", "dense"},
      {"Conv2D", "conv2d"},
      {"Conv2DTranspose", "conv2d_transpose"},
      {"DepthwiseConv2D", "depthwise_conv2d"},
      {"UpSampling2D", "up_sampling2d"},
      {"ZeroPadding2D", "zero_padding2d"},
      {"BatchNormalization", "batch_normalization"},
      {"PReLU", "p_re_lu"},
      {"ReLU", "re_lu"},
      {"LeakyReLU", "leaky_re_lu"},
      {"ELU", "elu"},
      {"LSTM", "lstm"},
      {"ConvLSTM2D", "conv_lstm2d"},
      {"RMSNormalization", "rms_normalization"},
      {"GlobalAveragePooling2D", "global_average_pooling2d"},
      {"TFSMLayer", "tfsm_layer"},
      {"InputLayer", "input_layer"},
  };
  for (const auto& [cls, name] : cases) CHECK(snake_case(cls) == name);
  CHECK(snake_case_keras2("ConvLSTM2D") == "conv_lst_m2d");
  CHECK(snake_case_keras2("Conv2DTranspose") == "conv2d_transpose");
}

TEST_CASE("equal names are numbered", "[keras]") {
  Numbered numbered;
  CHECK(numbered.next("dense") == "dense");
  CHECK(numbered.next("conv2d") == "conv2d");
  CHECK(numbered.next("dense") == "dense_1");
  CHECK(numbered.next("dense") == "dense_2");
}

TEST_CASE("names that Keras refuses are refused", "[keras]") {
  CHECK(legal_layer_name("conv1_Conv2D.a-b"));
  for (const char* name : {"", "a/b", "_a", "-a", "a b", "a:0", "ä", "top_level_model_weights"})
    CHECK_FALSE(legal_layer_name(name));
}
