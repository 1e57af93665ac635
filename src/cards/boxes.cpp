#include "cards/boxes.h"

#include <cmath>
#include <queue>

#include "cards/ints.h"

namespace keraft::cards {
namespace {

float overlap_of(const float* a, const float* b) {
  const auto sorted = [](const float* box) {
    return std::array{std::min(box[0], box[2]), std::min(box[1], box[3]), std::max(box[0], box[2]), std::max(box[1], box[3])};
  };
  const auto x = sorted(a), y = sorted(b);
  const float area_x = (x[2] - x[0]) * (x[3] - x[1]), area_y = (y[2] - y[0]) * (y[3] - y[1]);
  if (area_x <= 0 || area_y <= 0) return 0;
  const float height = std::max(std::min(x[2], y[2]) - std::max(x[0], y[0]), 0.0F);
  const float width = std::max(std::min(x[3], y[3]) - std::max(x[1], y[1]), 0.0F);
  const float both = height * width;
  return both / (area_x + area_y - both);
}

struct Candidate {
  int64_t index;
  float score;
  size_t compared;  ///< with so many of the chosen
  bool operator<(const Candidate& other) const {
    return score < other.score || (!(other.score < score) && index > other.index);
  }
};

}  // namespace

ChosenBoxes choose_boxes(const float* boxes, const float* scores, int64_t count, const BoxRules& rules) {
  ChosenBoxes out;
  std::priority_queue<Candidate> open;
  for (int64_t i = 0; i < count; ++i) {
    if (scores[i] > rules.least) open.push({i, scores[i], 0});
  }
  const bool soft = rules.sigma > 0;
  while (!open.empty() && static_cast<int64_t>(out.indices.size()) < rules.most) {
    Candidate next = open.top();
    open.pop();
    const float before = next.score;
    bool left_out = false;
    for (size_t j = out.indices.size(); j-- > next.compared && !left_out;) {
      const float overlap = overlap_of(boxes + 4 * next.index, boxes + 4 * out.indices[j]);
      if (soft)
        next.score *= std::exp(-0.5F / rules.sigma * overlap * overlap);
      else
        left_out = overlap > rules.overlap;
      if (next.score <= rules.least) break;
    }
    next.compared = out.indices.size();
    if (left_out) continue;
    if (next.score == before) {
      out.indices.push_back(next.index);
      out.scores.push_back(next.score);
    } else if (next.score > rules.least) {
      open.push(next);
    }
  }
  return out;
}

void boxes_shape(const ShapeContext& s) {
  need_rank(s, 0, 2);
  need_rank(s, 1, 1);
  if (!s.shape(0).has_rank()) return;
  if (s.shape(0)[1].known() && !s.shape(0)[1].is(4)) s.fail("a box needs 4 numbers, not " + s.shape(0).text());
  unify(s, Shape{s.shape(0)[0]}, s.shape(1));
}

float one_float(const KernelContext& k, size_t i) {
  if (k.array(i).dtype != DType::f32 || k.array(i).elements() != 1) k.fail("input " + std::to_string(i) + " must be one float");
  return *k.array(i).as<float>();
}

void non_max_suppression(OpCard& card, int version) {
  card.in("boxes").in("scores").in("max_output_size");
  if (version > 1) card.in("iou_threshold");
  if (version > 2) card.in("score_threshold");
  if (version > 4) card.in("soft_nms_sigma");
  card.out("selected_indices");
  if (version > 4) card.out("selected_scores");
  if (version > 3) card.out("valid_outputs").attr("pad_to_max_output_size", false);
  if (version == 1) card.attr("iou_threshold", 0.5);
  if (version > 1) card.attr("T", DType::f32);
  if (version > 1 && version < 5) card.attr("T_threshold", DType::f32);
  card.shape([version](ShapeContext& s) {
    boxes_shape(s);
    const auto& most = s.ints(2);
    const bool padded = version > 3 && s.flag("pad_to_max_output_size") && most;
    if (padded) need_sizes(s, *most);
    const Shape chosen{padded ? most->at(0) : unknown_dim(s, 0, 0)};
    s.out(0, DType::i32, chosen);
    if (version > 4) s.out(1, s.dtype(1), chosen);
    if (version > 3) s.out(version > 4 ? 2 : 1, DType::i32, Shape(Dims{}));
  });
  card.kernel(with_halves([version](KernelContext& k) {
    BoxRules rules;
    rules.most = ints_of(k, 2).at(0);
    rules.overlap = version > 1 ? one_float(k, 3) : static_cast<float>(k.real("iou_threshold"));
    if (version > 2) rules.least = one_float(k, 4);
    if (version > 4) rules.sigma = one_float(k, 5);
    if (rules.most < 0) k.fail("max_output_size is negative");
    if (!(rules.overlap >= 0 && rules.overlap <= 1)) k.fail("iou_threshold is outside of 0…1");
    if (k.array(0).dtype != DType::f32 || k.array(1).dtype != DType::f32) k.fail("boxes and scores are not floats");
    auto chosen = choose_boxes(k.array(0).as<float>(), k.array(1).as<float>(), k.array(1).elements(), rules);
    const auto valid = static_cast<int64_t>(chosen.indices.size());
    if (version > 3 && k.flag("pad_to_max_output_size")) {
      chosen.indices.resize(static_cast<size_t>(k.outputs()[0].shape[0].value()), 0);
      chosen.scores.resize(chosen.indices.size(), 0);
    }
    const auto count = static_cast<int64_t>(chosen.indices.size());
    k.result(0, {count});
    write_ints(k, 0, chosen.indices);
    if (version > 4) std::copy(chosen.scores.begin(), chosen.scores.end(), k.result(1, {count}).as<float>());
    if (version > 3) write_ints(k, version > 4 ? 2 : 1, {valid});
  }));
  const Value boxes = given<float>(
      DType::f32, {6, 4}, {0, 0, 1, 1, 0, 0.1F, 1, 1.1F, 0, -0.1F, 1, 0.9F, 0, 10, 1, 11, 1, 11.1F, 0, 10.1F, 0, 100, 1, 101});
  const Value scores = given<float>(DType::f32, {6}, {0.9F, 0.75F, 0.6F, 0.95F, 0.5F, 0.3F});
  const auto f = [](float value) { return given<float>(DType::f32, {}, {value}); };
  for (const auto& [most, overlap, least] :
       {std::tuple(3, 0.5F, 0.0F), std::tuple(6, 0.9F, 0.4F), std::tuple(2, 0.0F, 0.0F), std::tuple(0, 0.5F, 0.0F)}) {
    std::vector<Value> inputs{boxes, scores, scalar_i32(most)};
    Dict attrs;
    if (version == 1) attrs["iou_threshold"] = static_cast<double>(overlap);
    if (version > 1) inputs.push_back(f(overlap));
    if (version > 2) inputs.push_back(f(least));
    if (version > 4) inputs.push_back(f(0.0F));
    card.sample(inputs, attrs);
    if (version > 3) {
      attrs["pad_to_max_output_size"] = true;
      if (version > 4) inputs.back() = f(0.5F);
      card.sample(inputs, attrs);
    }
  }
}

}  // namespace keraft::cards
