#include "cards/layer_card.h"

KERAFT_LAYER(stft_spectrogram) {
  using namespace keraft;
  card.keras("STFTSpectrogram").about("sound as spectra of pieces, by convolutions");
  card.config("mode", "log").config("frame_length", 256).config("frame_step", Value()).config("fft_length", Value());
  card.config("window", "hann").config("periodic", false).config("scaling", "density").config("padding", "valid");
  card.config("expand_dims", false).config("data_format", "channels_last").always();
  card.weight("real_kernel", {"frame_length", "1", "bins"}, "!mode=imag").not_trainable();
  card.weight("imag_kernel", {"frame_length", "1", "bins"}, "!mode=real").not_trainable();
  card.from_keras3("3.7").sample({{"frame_length", 16}}, {{2, 64, 1}});
}
