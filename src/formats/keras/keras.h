// Keras files: the entry points of this folder, keras_h5/ and keras_v3/.
#pragma once

#include <optional>
#include <string>

#include "formats/keras/read_config.h"
#include "formats/write.h"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Writes a graph of "ir/Input" and "keras/<Class>" nodes. The file appears whole or not at all; generated classes go to a
/// `.py` beside it. `release` is called when the graph is in the file and not needed any more. Throws Status::unsupported (raw
/// nodes listed), ::io, ::cancelled.
void write_keras_v3(const Graph& graph, const std::string& path, const WriteOptions& options, const Registry& registry,
                    const Control& control, const Release& release);
void write_keras_h5(const Graph& graph, const std::string& path, const WriteOptions& options, const Registry& registry,
                    const Control& control, const Release& release);

/// A model of ir/Input and keras/<Class> nodes, inputs and outputs in order; weights stay in the file where they lie there
/// plain.
Model read_keras_v3(const std::string& path, const Registry& registry, const Control& control);
/// `backend`: who wrote it, where it does not say so; empty: not known.
Model read_keras_h5(const std::string& path, const std::string& backend, const Registry& registry, const Control& control);

/// How the models in such a file lie in each other; its paths are those of the layers that are read from it.
Nesting read_nesting(const std::string& path, const Registry& registry, const Control& control);

/// By the file's first bytes; nothing for a folder and for what is neither zip nor HDF5.
std::optional<Kind> sniff_keras(const std::string& path);

/// Who loads what the writer makes of this graph. Throws as the writer does.
Audience audience(const Graph& graph, Kind kind, const WriteOptions& options, const Registry& registry);

}  // namespace keraft::formats
