// Shapes as the messages of TensorFlow hold them.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/wire/proto/graph.pb.h"
#include "keraft/graph.hpp"

namespace keraft::formats::wire {

inline void set_shape(const Shape& shape, pb::TensorShapeProto& out) {
  if (!shape.has_rank()) return out.set_unknown_rank(true);
  for (const Dim& dim : shape.dims()) out.add_dim()->set_size(dim.known() ? dim.value() : -1);
}

inline void set_sizes(const std::vector<int64_t>& dims, pb::TensorShapeProto& out) {
  for (const int64_t size : dims) out.add_dim()->set_size(size);
}

}  // namespace keraft::formats::wire
