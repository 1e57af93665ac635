// Do datasets lie where their writer put them? Seen by the hdf5_*.cpp files only.
#pragma once

#include "formats/wire/hdf5_check.h"
#include "formats/wire/hdf5_context.h"

namespace keraft::formats::wire {

/// The address of elements has no checksum in most files, and one that leads into unused room is well-formed. A writer leaves
/// no such traces as it does: elements that are not aligned after a hole, and unused bytes, not zero, beside or instead of
/// elements that are. Throws Status::format. `owners`: the object of each dataset.
void check_places(Hdf5Context& context, const Hdf5Checked& checked, const std::unordered_map<uint64_t, size_t>& owners);

}  // namespace keraft::formats::wire
