#include "doctor/findings.h"

namespace keraft::doctor {

void Findings::add(Versions refuse, std::string where, std::string what) {
  if (refuse.none()) return;
  const auto [known, fresh] = known_.try_emplace({where, what}, all_.size());
  if (fresh)
    all_.push_back({refuse, std::move(where), std::move(what)});
  else
    all_[known->second].refuse |= refuse;
}

}  // namespace keraft::doctor
