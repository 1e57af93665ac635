#include "cards/pad.h"
#include "cards/shapes.h"

KERAFT_OP(mirror_pad) {
  op.tf("MirrorPad").about("a tensor mirrored at its edges");
  op.tensorflow("tf.pad({0}, {1}, mode={mode})");
  op.code("ops.pad({0}, pad_width={1}, mode=\"reflect\")", {{"mode", "REFLECT"}});
  op.code("ops.pad({0}, pad_width={1}, mode=\"symmetric\")", {{"mode", "SYMMETRIC"}});
  op.in("input").in("paddings").out("output").attr("T").attr("Tpaddings", DType::i32).attr("mode");
  op.layout({.list_inputs = {1}});
  op.shape([](ShapeContext& s) {
    padded_shape(s);
    const std::string& mode = s.text("mode");
    if (mode != "REFLECT" && mode != "SYMMETRIC") s.fail("mode is neither REFLECT nor SYMMETRIC");
    const auto pads = s.numbers(1);
    if (!pads || !s.shape(0).has_rank()) return;
    for (size_t i = 0; i < s.shape(0).rank(); ++i) {
      const Dim& size = s.shape(0)[i];
      const int64_t most = size.known() ? size.value() - (mode == "REFLECT" ? 1 : 0) : (*pads)[2 * i];
      if (size.known() && ((*pads)[2 * i] > most || (*pads)[2 * i + 1] > most))
        s.fail("pads more than there is to mirror of " + s.shape(0).text());
    }
  });
  op.kernel([](KernelContext& k) { mirror_pad(k, k.text("mode") == "REFLECT" ? 1 : 0); });
  op.sample({dims({2, 3}), given<int32_t>(DType::i32, {2, 2}, {1, 0, 0, 2})}, {{"mode", "REFLECT"}});
  op.sample({dims({1, 4, 5, 2}), given<int32_t>(DType::i32, {4, 2}, {0, 0, 1, 2, 3, 0, 0, 0})}, {{"mode", "SYMMETRIC"}});
  op.sample({dims({3}), given<int32_t>(DType::i32, {1, 2}, {2, 1})}, {{"mode", "REFLECT"}});
}
