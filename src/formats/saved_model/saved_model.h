// The folder of a SavedModel: which graph of it is meant, and where its checkpoint lies.
#pragma once

#include <string>
#include <vector>

#include "formats/wire/scan.h"

namespace keraft::formats {

/// "saved_model.pb" or ".pbtxt". Throws Status::format when there is none, or both.
std::string saved_model_file(const std::string& folder);

/// The MetaGraphDef with these tags; none: the one tagged "serve" alone, else the only one with "serve", else the only one.
/// Throws Status::format listing the tags otherwise.
wire::Scan choose_meta_graph(wire::Source& source, const std::vector<std::string>& tags);

}  // namespace keraft::formats
