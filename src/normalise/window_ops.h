// Which ops slide a window over space, and where their axes are.
#pragma once

#include "keraft/graph.hpp"

namespace keraft::normalise {

inline bool is_convolution(const Node& node) {
  return node.op == "tf/Conv2D" || node.op == "tf/DepthwiseConv2dNative" || node.op == "tf/Conv3D";
}

inline bool is_transposed_convolution(const Node& node) {
  return node.op == "tf/Conv2DBackpropInput" || node.op == "tf/Conv3DBackpropInputV2";
}

/// By data_format, which is channels last where it is not said.
inline bool channels_first(const Node& node) {
  const auto layout = node.attrs.find("data_format");
  const auto* text = layout == node.attrs.end() ? nullptr : layout->second.get<std::string>();
  return text && text->starts_with("NC");
}

/// The only node that reads any output of `id`, or no_node.
inline NodeId only_reader(const std::vector<std::vector<NodeId>>& readers, NodeId id) {
  const auto& all = readers[static_cast<size_t>(id)];
  return all.size() == 1 ? all.front() : no_node;
}

}  // namespace keraft::normalise
