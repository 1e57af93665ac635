// Which stored weight belongs in which slot.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "keraft/transfer.hpp"
#include "transfer/fit.h"
#include "transfer/target.h"

namespace keraft::transfer {

inline constexpr size_t nowhere = static_cast<size_t>(-1);

struct Pairing {
  std::vector<size_t> stored;                      ///< by place: index in the source's weights, or nowhere
  std::vector<size_t> place;                       ///< by stored weight, or nowhere
  std::vector<std::vector<std::string>> evidence;  ///< by place
  /// By place that nothing fits: why what looked like it does not.
  std::map<size_t, std::string> clashes;

  Pairing(const Source& source, const Target& target);
  void pair(size_t stored_index, size_t place_index, std::string why);
};

/// Structure first, names and sizes confirm. Throws Status::format with the candidates for what can be read in two ways,
/// Status::mismatch with all places that nothing fits, unless the transfer is partial.
Pairing match(const Source& source, const Target& target, const TransferOptions& options);

/// By the order of layers. False, and `why` says it, when the two are built differently. Throws as match() does.
bool match_by_order(const Source& source, const Target& target, const TransferOptions& options, Pairing& out, std::string& why);
/// By names: whole names first, then their ends.
void match_by_names(const Source& source, const Target& target, const TransferOptions& options, Pairing& out);
/// What is left, where there is but one way to fill the model.
void match_the_rest(const Source& source, const Target& target, const TransferOptions& options, Pairing& out);

/// Places by layer and part; of each the indexes, in order.
std::vector<std::vector<size_t>> parts_of(const Target& target, const std::vector<size_t>& places);

}  // namespace keraft::transfer
