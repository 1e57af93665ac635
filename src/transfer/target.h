// The weights that a Keras model wants, where each belongs.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/keras/read_config.h"
#include "keraft/model.hpp"
#include "transfer/source.h"

namespace keraft::transfer {

/// A slot of a layer.
struct SlotPlace {
  size_t layer = 0, slot = 0;  ///< indexes in the graph
  Path path;                   ///< models around the layer, the layer
  std::string own;             ///< the slot's name in the layer, or in the layer that that one holds: "kernel"
  std::vector<std::string>
      parts;                   ///< spellings of the path from the layer to the one that it holds: "forward_layer/cell"; or ""
  std::string cls, layer_cls;  ///< of the layer whose slot it is, and of the one in the graph
  std::set<std::string, std::less<>> leaves;  ///< spellings of the slot
  DType dtype = DType::invalid;
  std::vector<int64_t> dims;
  std::string name() const;  ///< "inner/dense/kernel"
};

struct Target {
  std::string path;
  std::set<std::string, std::less<>> words;  ///< spellings of any slot of any layer
  std::vector<SlotPlace> places;
  std::vector<size_t> nested, flat;  ///< as in Source
};

/// Does the leaf name the slot?
bool names(std::string_view leaf, const SlotPlace& place);
/// May a weight with this leaf be the slot? Yes, unless the leaf is a spelling of others.
bool may_be(std::string_view leaf, const SlotPlace& place, const Target& target);

/// Throws Status::unsupported for calls that no Keras file has.
Target target_of(const Model& model, const formats::Nesting& nesting);

}  // namespace keraft::transfer
