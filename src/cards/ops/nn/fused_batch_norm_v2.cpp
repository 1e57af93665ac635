#include "cards/norm.h"
#include "cards/shapes.h"

KERAFT_OP(fused_batch_norm_v2) {
  op.tf("FusedBatchNormV2")
      .about("normalises each channel, with given or with its own mean and variance")
      .fidelity(Fidelity::approximate);
  op.in("x")
      .in("scale")
      .in("offset")
      .in("mean")
      .in("variance")
      .out("y")
      .out("batch_mean")
      .out("batch_variance")
      .out("reserve_space_1")
      .out("reserve_space_2")
      .attr("T")
      .attr("U")
      .attr("epsilon", 0.0001)
      .attr("exponential_avg_factor", 1.0)
      .attr("data_format", "NHWC")
      .attr("is_training", true);
  op.shape([](ShapeContext& s) { batch_norm_shape(s, 2); });
  op.kernel([](KernelContext& k) { batch_norm(k, 2); });
  op.sample(
      {dims({2, 3, 4, 5}), dims({5}), dims({5}), dims({5}), given<float>(DType::f32, {5}, {0.5F, 1.0F, 2.0F, 0.1F, 3.0F})},
      {{"is_training", false}});
  op.sample({dims({2, 3, 4, 5}), dims({5}), dims({5}), given<float>(DType::f32, {0}, {}), given<float>(DType::f32, {0}, {})},
            {{"epsilon", 0.001}});
  op.sample({dims({1, 3, 3, 2}), dims({2}), dims({2}), dims({2}), given<float>(DType::f32, {2}, {0.5F, 1.0F})},
            {{"is_training", false}, {"epsilon", 0.01}});
}
