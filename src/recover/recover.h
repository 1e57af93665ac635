// Raw ops → layers. Names no op and no layer: all of that stands in the cards.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::recover {

/// Replaces every place where a card's form fits by a layer call: larger forms first, from the outputs towards the inputs.
/// The new node's `from` lists the raw nodes, the result's first. What no form fits stays raw.
void recover_layers(Graph& graph, const Registry& registry, const Control& control);

/// A layer that is one function becomes the `activation` of the layer before it, where the source's scopes do not keep them
/// apart.
void fold_functions(Graph& graph, const Registry& registry);

/// Layers of layers: what their cards make of calls that are there already.
void gather_layers(Graph& graph, const Registry& registry);

/// Casts between floating types go where all readers are layers that compute in the type: Keras casts a layer's inputs.
void drop_casts(Graph& graph);

/// Operations that join tensors of one rank, where a card says that its layer is the same. Types must be there.
void join_layers(Graph& graph, const Registry& registry);

/// Calls with the same class, config and weights become calls of one layer. Returns the weights that layers of different kind
/// or config share (they are copied): names for the report.
std::vector<std::string> share_layers(Graph& graph);

/// Layers and inputs get names: the source's scopes without what all have in common, legal in Keras, unique without regard to
/// case, the same in every run.
void name_layers(Graph& graph);

/// Names of layers, operations and inputs that Keras refuses are spelled with what it accepts; returns the old and the new
/// ones.
std::vector<std::pair<std::string, std::string>> make_names_legal(Graph& graph);

/// Raw ops that no layer covers and that keras.ops can say become "keras.ops/…" nodes (cards/express.h). Returns why the others
/// did not, by the raw node's name.
std::map<std::string, std::string> express_operations(Graph& graph, const Registry& registry);

/// Raw ops that are left, joined where they touch, become generated custom layers with code made of keras.ops. Returns why the
/// others did not, by name.
std::map<std::string, std::string> generate_layers(Graph& graph, const Registry& registry, const Control& control);

/// Ops without a card become classes whose call is yet to be written, with their attributes in the config and their weights
/// attached. Returns the nodes' names.
std::vector<std::string> stub_layers(Graph& graph, const Registry& registry);

}  // namespace keraft::recover
