#include "cards/layers/preprocessing/lookup.h"

KERAFT_LAYER(text_vectorization) {
  using namespace keraft;
  card.keras("TextVectorization").about("texts become indices of the words in them");
  card.needs("vocabulary").config("max_tokens", Value()).config("idf_weights", Value()).config("pad_to_max_tokens", false);
  // Loaders want these whatever they are.
  card.config("standardize", "lower_and_strip_punctuation").always().config("split", "whitespace").always();
  card.config("ngrams", Value()).always().config("output_mode", "int").always();
  card.config("output_sequence_length", Value()).always().config("encoding", "utf-8");
  card.config("sparse", false).config("ragged", false).leaves_out({"dtype", "vocabulary_size"});
  card.shorten_with(cards::wants_vocabulary).sample({{"vocabulary", List{"a", "b"}}}, {{2, 1}});
}
