#include "doctor/findings.h"

#include <algorithm>
#include <utility>

namespace keraft::doctor {

void Findings::add(Versions refuse, std::string where, std::string what) {
  if (refuse.none()) return;
  const auto same =
      std::find_if(all_.rbegin(), all_.rend(), [&](const Finding& one) { return one.where == where && one.what == what; });
  if (same != all_.rend())
    same->refuse |= refuse;
  else
    all_.push_back({refuse, std::move(where), std::move(what)});
}

}  // namespace keraft::doctor
