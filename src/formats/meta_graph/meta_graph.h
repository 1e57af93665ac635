// MetaGraphDef: a graph with what is needed to use it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "formats/graphdef/raw_graph.h"

namespace keraft::formats {

struct MetaGraph {
  RawGraph graph;
  wire::MetaInfo info;
  std::optional<wire::Saver> saver;
  std::map<std::string, wire::Collection> collections;
  std::map<std::string, wire::Signature> signatures;  ///< without those that only initialise or train
  std::optional<wire::ObjectGraph> objects;
};

MetaGraph read_meta_graph(GraphReader& reader, wire::Scan scan, base::Budget& budget);

}  // namespace keraft::formats
