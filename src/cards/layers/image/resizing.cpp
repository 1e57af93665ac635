#include <algorithm>
#include <cmath>

#include "cards/layer_card.h"
#include "ir/constant.h"

namespace keraft {
namespace {

struct Method {
  const char *op, *name;
};
constexpr Method methods[] = {
    {"ResizeBilinear", "bilinear"}, {"ResizeNearestNeighbor", "nearest"}, {"ResizeBicubic", "bicubic"}, {"ResizeArea", "area"}};
constexpr const char* by_kernels[] = {"lanczos3", "lanczos5", "gaussian", "mitchellcubic"};

/// Constant sizes; `multiples`: also those that UpSampling2D says too.
bool to_fixed_size(Match& m, bool multiples) {
  const Node& node = m.graph->at(m.nodes.front());
  const auto size = ir::constant_ints(*m.graph, node.inputs.at(1));
  const Shape x = m.graph->type(node.inputs[0]).shape;
  if (!size || size->size() != 2 || (*size)[0] < 1 || (*size)[1] < 1 || !x.has_rank() || x.rank() != 4) return false;
  if (!is_floating(m.graph->type(node.inputs[0]).dtype)) return false;
  const auto times = [&](size_t i) { return x[i + 1].known() && x[i + 1].value() > 0 && (*size)[i] % x[i + 1].value() == 0; };
  if (!multiples && times(0) && times(1)) return false;
  m.config["height"] = (*size)[0];
  m.config["width"] = (*size)[1];
  m.inputs = {node.inputs[0]};
  return true;
}

/// What crop_to_aspect_ratio leaves of a size, as Keras computes it in float.
int64_t cropped(int64_t mine, int64_t other, int64_t my_target, int64_t other_target) {
  const float size = static_cast<float>(other * my_target) / static_cast<float>(other_target);
  return std::max<int64_t>(1, std::min(mine, static_cast<int64_t>(size)));
}

/// The image that is resized is the middle of another, in the proportions of the result.
bool crops(Match& m) {
  const Node& node = m.graph->at(m.nodes.front());
  const Edge image = node.inputs.at(0);
  const Node& slice = m.graph->at(image.node);
  const bool strided = slice.op == "tf/StridedSlice";
  if ((!strided && slice.op != "tf/Slice") || slice.layer >= 0 || slice.dead || slice.inputs.size() < 3) return false;
  const auto size = ir::constant_ints(*m.graph, node.inputs.at(1)), begin = ir::constant_ints(*m.graph, slice.inputs[1]);
  const Shape in = m.graph->type(slice.inputs[0]).shape, out = m.graph->type(image).shape;
  if (!size || size->size() != 2 || !begin || begin->size() != 4 || !in.has_rank() || in.rank() != 4 || !out.has_rank() ||
      out.rank() != 4)
    return false;
  if (strided) {
    const auto steps = ir::constant_ints(*m.graph, slice.inputs.at(3));
    if (!steps || *steps != std::vector<int64_t>{1, 1, 1, 1}) return false;
  }
  if (!(in[0] == out[0]) || !(in[3] == out[3])) return false;
  for (const size_t axis : {size_t{1}, size_t{2}}) {
    const size_t other = 3 - axis;
    if (!in[axis].known() || !in[other].known() || !out[axis].known() || (*size)[other - 1] < 1) return false;
    const int64_t left = cropped(in[axis].value(), in[other].value(), (*size)[axis - 1], (*size)[other - 1]);
    if (out[axis].value() != left || (*begin)[axis] != (in[axis].value() - left) / 2) return false;
  }
  m.config["crop_to_aspect_ratio"] = true;
  m.nodes.push_back(image.node);
  m.inputs = {slice.inputs[0]};
  return true;
}

bool half_pixels(const Node& node) {
  const auto half = node.attrs.find("half_pixel_centers"), align = node.attrs.find("align_corners");
  return half != node.attrs.end() && half->second == Value(true) &&
         (align == node.attrs.end() || align->second == Value(false));
}

LayerCard::Guard resizes(Method method, bool multiples, bool crop = false) {
  return [method, multiples, crop](Match& m) {
    const Node& node = m.graph->at(m.nodes.front());
    const bool area = std::string_view(method.op) == "ResizeArea";
    const auto align = node.attrs.find("align_corners");
    const bool centred = area ? align == node.attrs.end() || align->second == Value(false) : half_pixels(node);
    m.config["interpolation"] = method.name;
    return centred && to_fixed_size(m, multiples) && (!crop || crops(m));
  };
}

/// Scale and no translation, by the sizes; without antialias.
bool by_kernel(Match& m) {
  const Node& node = m.graph->at(m.nodes.front());
  const auto type = node.attrs.find("kernel_type"), antialias = node.attrs.find("antialias");
  const std::string* name = type == node.attrs.end() ? nullptr : type->second.get<std::string>();
  if (antialias == node.attrs.end() || antialias->second != Value(false) || node.inputs.size() != 4) return false;
  const std::string kernel = name ? *name : "lanczos3";
  if (std::none_of(std::begin(by_kernels), std::end(by_kernels), [&](const char* k) { return kernel == k; })) return false;
  const Tensor *scale = ir::constant(*m.graph, node.inputs[2]), *translation = ir::constant(*m.graph, node.inputs[3]);
  const auto size = ir::constant_ints(*m.graph, node.inputs[1]);
  const Shape x = m.graph->type(node.inputs[0]).shape;
  if (!scale || !translation || !size || size->size() != 2 || !x.has_rank() || x.rank() != 4) return false;
  const auto factors = to_doubles(*scale), moves = to_doubles(*translation);
  for (size_t i = 0; i < 2; ++i) {
    if (factors.size() != 2 || moves.size() != 2 || moves[i] != 0 || !x[i + 1].known() || x[i + 1].value() < 1) return false;
    const double wanted = static_cast<double>((*size)[i]) / static_cast<double>(x[i + 1].value());
    if (std::abs(factors[i] - wanted) > 1e-6 * wanted) return false;
  }
  m.config["interpolation"] = kernel;
  return to_fixed_size(m, true);
}

Edge lower_crop(LowerContext& c, int64_t height, int64_t width) {
  const Shape x = c.type(c.inputs().front()).shape;
  if (!x.has_rank() || x.rank() != 4 || !x[1].known() || !x[2].known() || !x[3].known()) c.fail("the image is " + x.text());
  const int64_t rows = cropped(x[1].value(), x[2].value(), height, width),
                columns = cropped(x[2].value(), x[1].value(), width, height);
  if (rows == x[1].value() && columns == x[2].value()) return c.inputs().front();
  const auto ints = [&](int64_t n, int64_t h, int64_t w, int64_t depth) {
    const int32_t all[] = {static_cast<int32_t>(n), static_cast<int32_t>(h), static_cast<int32_t>(w),
                           static_cast<int32_t>(depth)};
    return c.constant(make_tensor<int32_t>(DType::i32, {4}, all));
  };
  const Edge begin = ints(0, (x[1].value() - rows) / 2, (x[2].value() - columns) / 2, 0);
  return c.op("Slice", {c.inputs().front(), begin, ints(-1, rows, columns, x[3].value())});
}

Edge lower_by_kernel(LowerContext& c, Edge image, const std::string& kernel, Edge size, const int32_t* sizes) {
  const Shape x = c.type(image).shape;
  if (!x.has_rank() || x.rank() != 4 || !x[1].known() || !x[2].known()) c.fail("the image's size is not known");
  float factors[2];
  for (size_t i = 0; i < 2; ++i)
    factors[i] = static_cast<float>(static_cast<double>(sizes[i]) / static_cast<double>(x[i + 1].value()));
  const float none[] = {0, 0};
  return c.op("ScaleAndTranslate",
              {image, size, c.constant(make_tensor<float>(DType::f32, {2}, factors)),
               c.constant(make_tensor<float>(DType::f32, {2}, none))},
              {{"kernel_type", kernel}, {"antialias", false}});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(resizing) {
  using namespace keraft;
  card.keras("Resizing").about("images at a fixed size");
  card.needs("height").needs("width").config("interpolation", "bilinear").config("crop_to_aspect_ratio", false);
  card.config("data_format", "channels_last").config("pad_to_aspect_ratio", false).config("antialias", false);
  card.config("fill_mode", "constant").config("fill_value", 0.0);
  card.only_keras3("Keras 2 takes channels last only", {{"data_format", "channels_first"}});
  for (const char* flag : {"pad_to_aspect_ratio", "antialias"})
    card.only_keras3(std::string("Keras 2 has no ") + flag, {{flag, true}});
  for (const Method& method : methods) {
    card.recover_with({method.op}, 5, resizes(method, true, true));
    card.recover_with({method.op}, 2, resizes(method, false)).recover_with({method.op}, 0, resizes(method, true));
  }
  card.recover_with({"ScaleAndTranslate"}, 1, by_kernel);
  card.lower_with([](LowerContext& c) {
    const auto *height = c.config("height").get<int64_t>(), *width = c.config("width").get<int64_t>();
    if (!height || !width) c.fail("height and width must be integers");
    if (c.config("data_format") != Value("channels_last")) c.fail("channels first");
    for (const char* flag : {"pad_to_aspect_ratio", "antialias"}) {
      if (c.config(flag) == Value(true)) c.fail(flag);
    }
    const int32_t sizes[] = {static_cast<int32_t>(*height), static_cast<int32_t>(*width)};
    Edge image = c.inputs().front();
    if (c.config("crop_to_aspect_ratio") == Value(true)) image = lower_crop(c, *height, *width);
    const Edge size = c.constant(make_tensor<int32_t>(DType::i32, {2}, sizes));
    const Value& wanted = c.config("interpolation");
    for (const char* kernel : by_kernels) {
      if (wanted == Value(kernel)) return lower_by_kernel(c, image, kernel, size, sizes);
    }
    const auto* method =
        std::find_if(std::begin(methods), std::end(methods), [&](const Method& m) { return wanted == Value(m.name); });
    if (method == std::end(methods)) c.fail("interpolation " + wanted.text());
    Dict attrs;
    if (std::string_view(method->op) != "ResizeArea") attrs["half_pixel_centers"] = true;
    return c.op(method->op, {image, size}, std::move(attrs));
  });
  card.fidelity(Fidelity::approximate);
  card.sample({{"height", 5}, {"width", 9}}, {{2, 4, 7, 3}});
  card.sample({{"height", 3}, {"width", 10}, {"interpolation", "nearest"}}, {{1, 4, 7, 2}});
  card.sample({{"height", 5}, {"width", 5}, {"crop_to_aspect_ratio", true}}, {{2, 4, 7, 3}});
  card.sample({{"height", 6}, {"width", 3}, {"interpolation", "bicubic"}}, {{1, 4, 7, 2}});
  card.sample({{"height", 6}, {"width", 3}, {"interpolation", "lanczos5"}}, {{1, 4, 7, 2}});
}
