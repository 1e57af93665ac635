#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {

/// padding "EXPLICIT" is a Pad before padding "VALID".
void pad_explicitly(PassContext& context) {
  Graph& graph = context.graph;
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const auto padding = graph.nodes[i].attrs.find("padding");
    if (graph.nodes[i].dead || padding == graph.nodes[i].attrs.end() || !(padding->second == Value("EXPLICIT"))) continue;
    const auto list = graph.nodes[i].attrs.find("explicit_paddings");
    const auto sizes = list == graph.nodes[i].attrs.end() ? std::nullopt : list->second.as_ints();
    if (!sizes || sizes->size() % 2 != 0 || graph.nodes[i].inputs.empty()) continue;
    graph.nodes[i].attrs["padding"] = "VALID";
    graph.nodes[i].attrs.erase("explicit_paddings");
    const std::string name = graph.nodes[i].name;
    const Edge x = graph.nodes[i].inputs[0];
    const Edge amounts = ir::add_ints(graph, name + "/Pad/paddings", *sizes);
    Node& constant = graph.at(amounts.node);
    constant.attrs["value"] = reshaped(*constant.attrs["value"].get<Tensor>(), {static_cast<int64_t>(sizes->size() / 2), 2});
    constant.outputs[0].shape = Shape{static_cast<int64_t>(sizes->size() / 2), 2};
    Node pad;
    pad.name = name + "/Pad";
    pad.op = "tf/Pad";
    pad.inputs = {x, amounts};
    const NodeId id = graph.add(std::move(pad));
    graph.nodes[i].inputs[0] = {id, 0};
  }
}

}  // namespace keraft::normalise
