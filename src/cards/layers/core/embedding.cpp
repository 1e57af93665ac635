#include "cards/layer_card.h"

namespace keraft {
namespace {

/// Keras casts indices to int32 unless they are int32 or int64.
bool casts_as_keras(Match& m) {
  const DType from = m.graph->type(m.inputs.front()).dtype, to = m.graph->type(m.values.find("i")->second).dtype;
  return to == DType::i32 && from != DType::i32 && from != DType::i64 && from != DType::invalid;
}

bool whole_indices(Match& m) {
  const DType dtype = m.graph->type(m.inputs.front()).dtype;
  return dtype == DType::i32 || dtype == DType::i64;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(embedding) {
  using namespace keraft;
  card.keras("Embedding").about("rows of a table, picked by index");
  card.needs("input_dim").needs("output_dim").config("mask_zero", false);
  card.formerly("Embedding", {{"input_dim", "input_dim"},
                              {"output_dim", "output_dim"},
                              {"init", "embeddings_initializer"},
                              {"W_regularizer", "embeddings_regularizer"},
                              {"W_constraint", "embeddings_constraint"},
                              {"dropout", ""}});
  card.settle_former([](const Dict& then, Dict&) {
    const auto dropout = then.find("dropout");
    if (dropout != then.end() && dropout->second.number().value_or(0) != 0)
      throw Error(Status::unsupported, "dropout of whole words in training, which only Embedding of Keras 1 has");
  });
  card.weight("embeddings", {"input_dim", "output_dim"}).known_as({"embedding", "embedding_weights", "weights", "table"});
  for (const bool cast : {false, true}) {
    const std::string head = cast ? "i = Cast(x)   " : "", i = cast ? "i" : "x";
    const LayerCard::Guard guard = cast ? casts_as_keras : whole_indices;
    card.also_reads(head + "y = GatherV2(@embeddings, " + i + ", 0)", {}, guard);
    card.also_reads(head + "y = Gather(@embeddings, " + i + ", validate_indices=_)", {}, guard);
    // Keras 3 counts negative indices from the end.
    card.also_reads(head + "c = Less(" + i + ", 0)   a = AddV2(" + i + ", $input_dim)   s = SelectV2(c, a, " + i +
                        ")   y = GatherV2(@embeddings, s, 0)",
                    {}, guard);
  }
  card.lower_with([](LowerContext& c) {
    Edge x = c.inputs().front();
    const DType dtype = c.type(x).dtype;
    if (dtype != DType::i32 && dtype != DType::i64) x = c.op("Cast", {x}, {{"SrcT", dtype}, {"DstT", DType::i32}});
    const int32_t axis = 0;
    return c.op("GatherV2", {c.weight("embeddings"), x, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)))});
  });
  card.sample({{"input_dim", 7}, {"output_dim", 3}}, {{2, 5}}).sample({{"input_dim", 4}, {"output_dim", 6}}, {{3}});
}
