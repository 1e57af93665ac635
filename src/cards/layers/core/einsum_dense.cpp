#include <algorithm>

#include "base/string.h"
#include "cards/einsum.h"
#include "cards/products.h"

namespace keraft {
namespace {

using namespace cards;

/// Letters by axis, new ones for axes that are not among the known.
std::string spell(const AtomLayout& layout, std::vector<std::pair<Atoms, char>>& known) {
  std::string out;
  for (const Atoms& axis : layout) {
    const auto same = [&](const auto& one) { return one.first == axis; };
    if (std::none_of(known.begin(), known.end(), same))
      known.emplace_back(axis, static_cast<char>('a' + static_cast<char>(known.size())));
    out += std::find_if(known.begin(), known.end(), same)->second;
  }
  return out;
}

/// The kernel's axes as the equation needs them: an axis for each axis of the input or the result that it holds.
AtomLayout kernel_axes(const AtomLayout& kernel, const AtomLayout& in, const AtomLayout& out) {
  AtomLayout axes;
  for (const int32_t atom : joined(kernel)) {
    const AtomLayout* owner = nullptr;
    size_t at = 0;
    for (const AtomLayout* layout : {&in, &out}) {
      for (size_t i = 0; i < layout->size() && !owner; ++i) {
        if (std::find((*layout)[i].begin(), (*layout)[i].end(), atom) != (*layout)[i].end()) owner = layout, at = i;
      }
    }
    if (!owner) return {};
    if (std::find(axes.begin(), axes.end(), (*owner)[at]) == axes.end()) axes.push_back((*owner)[at]);
  }
  return axes;
}

enum class Read { no, dense, yes };

/// `depth`: how many moves of the input are the layer's own.
Read reads_flattened(Match& m, size_t depth) {
  Axes axes(*m.graph);
  Leaf x;
  std::vector<NodeId> passed;
  const auto p = projection(axes, {m.nodes.front(), 0}, [&](Edge edge) { return leaf(axes, edge, depth, x, passed); });
  if (!p || p->scale != 1 || m.graph->at(p->kernel_use.reader).op == "tf/MatMul") return Read::no;
  const AtomLayout in = axes.now(x.layout), out = axes.now(p->out), kernel = kernel_axes(axes.now(p->kernel), in, out);
  const auto empty = [](const Atoms& axis) { return axis.empty(); };
  if (in.empty() || out.empty() || in[0] != out[0] || kernel.empty()) return Read::no;
  for (const AtomLayout* layout : {&in, &out, &kernel}) {
    if (std::any_of(layout->begin() + 1, layout->end(), empty) || layout->size() > 8) return Read::no;
  }
  // Dense says it shorter.
  const bool dense = kernel.size() == 2 && in.size() == out.size() && kernel[0] == in.back() && kernel[1] == out.back() &&
                     std::equal(in.begin(), in.end() - 1, out.begin());
  if (dense) return Read::dense;
  std::vector<std::pair<Atoms, char>> letters;
  const std::string a = spell(in, letters), b = spell(kernel, letters);
  const size_t known = letters.size();
  const std::string c = spell(out, letters);
  if (letters.size() != known) return Read::no;
  // Axes that neither the kernel nor the result has would be summed.
  for (const char letter : a) {
    if (b.find(letter) == std::string::npos && c.find(letter) == std::string::npos) return Read::no;
  }
  m.config["equation"] = a + "," + b + "->" + c;
  List sizes;
  for (size_t i = 1; i < out.size(); ++i) {
    const bool free = a.find(c[i]) != std::string::npos;
    sizes.push_back(free ? Value() : Value(axes.size(out[i]).value()));
  }
  m.config["output_shape"] = std::move(sizes);
  const auto use = arranged(axes, p->kernel_use, p->kernel, kernel);
  if (!use) return Read::no;
  m.weights["kernel"] = *use;
  if (p->bias_use) {
    const Atoms have = axes.now(joined(p->bias));
    AtomLayout wanted;
    std::string text;
    for (size_t i = 0; i < out.size(); ++i) {
      const bool mine = std::any_of(out[i].begin(), out[i].end(),
                                    [&](int32_t atom) { return std::find(have.begin(), have.end(), atom) != have.end(); });
      if (!mine) continue;
      wanted.push_back(out[i]);
      text += c[i];
    }
    // Keras' bias has an axis of size 1 for each axis of the result behind its first that it does not name.
    const auto bias = arranged(axes, *p->bias_use, p->bias, wanted);
    if (!bias || text.empty()) return Read::no;
    m.config["bias_axes"] = text;
    WeightUse spread = *bias;
    std::vector<int64_t> dims;
    for (size_t i = c.find(text[0]); i < c.size(); ++i)
      dims.push_back(text.find(c[i]) == std::string::npos ? 1 : axes.size(out[i]).value());
    spread.value = reshaped(spread.value, dims);
    m.weights["bias"] = spread;
  }
  m.nodes = p->nodes;
  m.nodes.insert(m.nodes.end(), passed.begin(), passed.end());
  m.inputs = {x.edge};
  return Read::yes;
}

bool reads_einsum(Match& m) {
  Match plain = m, moved = m;
  const Read read = reads_flattened(plain, 0);
  if (read == Read::yes) {
    m = std::move(plain);
    return true;
  }
  if (reads_flattened(moved, 1) != Read::yes) return false;
  // A Dense behind what the source has in another scope: two layers.
  const auto scope = [&](NodeId id) { return base::scope_of(m.graph->at(id).name); };
  if (read == Read::dense && scope(moved.nodes.back()) != scope(moved.weights.at("kernel").reader)) return false;
  m = std::move(moved);
  return true;
}

constexpr const char* scale_of_channels = "...c,c->...c";

/// A trained factor for each channel, and nothing else.
bool reads_scale(Match& m) {
  const WeightUse& kernel = m.weights.at("kernel");
  const Shape x = m.shape("x");
  const int64_t size = kernel.value.elements();
  const bool last = !kernel.value.dims.empty() && kernel.value.dims.back() == size && x.has_rank() && x.rank() > 1 &&
                    kernel.value.dims.size() <= x.rank() && x[x.rank() - 1].is(size);
  if (!last || !m.graph->weights[static_cast<size_t>(kernel.weight)].variable) return false;
  m.config["output_shape"] = size;
  m.weights["kernel"].value = reshaped(kernel.value, {size});
  return true;
}

Edge lower_einsum(LowerContext& c) {
  const std::string* equation = c.config("equation").get<std::string>();
  if (!equation) c.fail("equation " + c.config("equation").text());
  const std::vector<Edge> factors{c.inputs().front(), c.weight("kernel")};
  const Edge y =
      *equation == scale_of_channels ? c.op("Mul", factors) : c.op("Einsum", factors, {{"equation", *equation}, {"N", 2}});
  return c.config("bias_axes").null() ? y : c.op("AddV2", {y, c.weight("bias")});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(einsum_dense) {
  using namespace keraft;
  card.keras("EinsumDense").about("y = activation(einsum(equation, x, kernel) + bias)");
  card.needs("equation").needs("output_shape").config("bias_axes", Value()).config("activation", "linear");
  card.weight("kernel", {"*"}).weight("bias", {"*"}, "bias_axes");
  // With a bias in the shape of the heads, before Dense takes the product alone.
  card.recover_with({"BiasAdd", "AddV2"}, 14, reads_einsum);
  card.recover_with({"BiasAdd", "AddV2", "Einsum", "Reshape", "BatchMatMulV2", "BatchMatMul", "BatchMatMulV3"}, 6,
                    reads_einsum);
  card.also_reads("y = Mul(x, @kernel)", {{"equation", scale_of_channels}}, reads_scale);
  card.lower_with(lower_einsum).fidelity(Fidelity::approximate);
  card.sample({{"equation", "abc,cde->abde"}, {"output_shape", List{Value(), Value(3), Value(5)}}, {"bias_axes", "de"}},
              {{2, 6, 4}}, {{"kernel", {4, 3, 5}}, {"bias", {3, 5}}});
  card.sample({{"equation", "abcd,cde->abe"}, {"output_shape", List{Value(), Value(7)}}}, {{2, 3, 4, 5}},
              {{"kernel", {4, 5, 7}}});
  card.sample({{"equation", "...c,c->...c"}, {"output_shape", 5}}, {{2, 3, 4, 5}}, {{"kernel", {5}}});
}
