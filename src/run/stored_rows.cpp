#include "run/stored_rows.h"

#include "ir/constant.h"

namespace keraft::run {
namespace {

class StoredRows final : public Fused {
 public:
  StoredRows(const Node& node, Tensor table) : node_(node), table_(std::move(table)) {
    for (size_t i = 1; i < table_.dims.size(); ++i) row_ *= static_cast<uint64_t>(table_.dims[i]);
  }

  bool scale(const Array&) override { return false; }
  bool shift(const Array&, bool) override { return false; }
  bool normalise(const Array&, const Array&, const Array&, const Array&, double) override { return false; }
  bool residual() override { return false; }
  bool clamp(double, double) override { return false; }
  void finish(const Environment&) override {}

  Array run(const Array& indices, const Array*, Environment& env) const override {
    std::vector<int64_t> dims = indices.dims;
    dims.insert(dims.end(), table_.dims.begin() + 1, table_.dims.end());
    Array out = env.memory->allocate(table_.dtype, std::move(dims));
    std::byte* to = out.data.get();
    for (int64_t i = 0; i < indices.elements(); ++i, to += row_) {
      const int64_t index = indices.dtype == DType::i32 ? indices.as<int32_t>()[i] : indices.as<int64_t>()[i];
      if (index < 0 || index >= table_.dims[0]) {
        throw Error(Status::mismatch,
                    "index " + std::to_string(index) + " is outside of 0…" + std::to_string(table_.dims[0] - 1),
                    {{}, {}, node_.name});
      }
      table_.storage->read(static_cast<uint64_t>(index) * row_, {to, static_cast<size_t>(row_)});
    }
    return out;
  }

 private:
  const Node& node_;
  Tensor table_;
  uint64_t row_ = size_of(table_.dtype);
};

}  // namespace

std::unique_ptr<Fused> stored_rows(const Graph& graph, const Node& node, const OpCard& card, const Tensor& table) {
  const std::string& op = card.name();
  if ((op != "Gather" && op != "GatherV2") || node.inputs.size() < 2 || table.dims.empty()) return nullptr;
  const DType indices = graph.type(node.inputs[1]).dtype;
  if (indices != DType::i32 && indices != DType::i64) return nullptr;
  if (op == "GatherV2") {
    const auto axis = node.inputs.size() == 3 ? ir::constant_ints(graph, node.inputs[2]) : std::nullopt;
    const auto batch = node.attrs.find("batch_dims");
    if (!axis || *axis != std::vector<int64_t>{0} || (batch != node.attrs.end() && !(batch->second == Value(0))))
      return nullptr;
  }
  return std::make_unique<StoredRows>(node, table);
}

}  // namespace keraft::run
