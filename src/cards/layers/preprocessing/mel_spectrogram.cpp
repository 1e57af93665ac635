#include "cards/layer_card.h"

KERAFT_LAYER(mel_spectrogram) {
  using namespace keraft;
  card.keras("MelSpectrogram").about("sound as energies by mel frequency and time");
  card.config("fft_length", 2048).config("sequence_stride", 512).config("sequence_length", Value()).config("window", "hann");
  card.config("sampling_rate", 16000).config("num_mel_bins", 128).config("min_freq", 20.0).config("max_freq", Value());
  card.config("power_to_db", true).config("top_db", 80.0).config("mag_exp", 2.0).config("min_power", 1e-10);
  card.config("ref_power", 1.0).from_keras3("3.1").sample({{"fft_length", 16}, {"sequence_stride", 8}}, {{2, 64}});
}
