// Which tensor of a checkpoint an object of a SavedModel is.
#pragma once

#include <map>
#include <string>

#include "formats/wire/messages.h"

namespace keraft::reading {

/// Checkpoint keys of variables, by their numbers in the SavedModel's graph of objects. Both graphs are walked from the root
/// along equal names: their numbers need not agree.
std::map<int, std::string> object_keys(const formats::wire::ObjectGraph& saved, const formats::wire::ObjectGraph& stored);

}  // namespace keraft::reading
