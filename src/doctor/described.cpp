#include <map>

#include "base/json_out.h"
#include "keraft/examine.hpp"
#include "keraft/version.hpp"

namespace keraft {
namespace {

std::string json(const Examination& examination) {
  base::JsonOut out;
  out.open('{').key("keraft").text(KERAFT_VERSION).key("path").text(examination.path).key("kind").text(examination.kind);
  out.key("producer").text(examination.producer).key("versions").open('[');
  for (const KerasVerdict& one : examination.versions) {
    out.open('{').key("keras").text(one.keras).key("loads").flag(one.reasons.empty()).key("reasons").open('[');
    for (const KerasVerdict::Reason& reason : one.reasons)
      out.open('{').key("where").text(reason.where).key("what").text(reason.what).close();
    out.close().close();
  }
  out.close().close();
  return out.take() + "\n";
}

bool same(const KerasVerdict& a, const KerasVerdict& b) {
  if (a.reasons.size() != b.reasons.size() || a.keras.front() != b.keras.front()) return false;
  for (size_t i = 0; i < a.reasons.size(); ++i) {
    if (a.reasons[i].where != b.reasons[i].where || a.reasons[i].what != b.reasons[i].what) return false;
  }
  return true;
}

/// One line for each reason, with the layers that it is about.
std::string grouped(const KerasVerdict& verdict) {
  constexpr size_t most = 3;
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> places;
  for (const KerasVerdict::Reason& reason : verdict.reasons) {
    auto& of = places[reason.what];
    if (of.empty()) order.push_back(reason.what);
    of.push_back(reason.where);
  }
  std::string out;
  for (const std::string& what : order) {
    const std::vector<std::string>& of = places[what];
    out += "  " + what;
    for (size_t i = 0; i < of.size() && i < most && !of[i].empty(); ++i) out += (i == 0 ? ": " : ", ") + of[i];
    if (of.size() > most) out += " and " + std::to_string(of.size() - most) + " more";
    out += "\n";
  }
  return out;
}

/// Neighbours that say the same are told together.
std::string text(const Examination& examination) {
  const auto& all = examination.versions;
  std::string out = examination.path + " (" + examination.kind + ")";
  if (!examination.producer.empty()) out += ", " + examination.producer;
  out += "\n";
  for (size_t first = 0, last = 0; first < all.size(); first = last + 1) {
    last = first;
    while (last + 1 < all.size() && same(all[first], all[last + 1])) ++last;
    out += "Keras " + all[first].keras + (last > first ? "–" + all[last].keras : "");
    out += all[first].reasons.empty() ? ": loads it\n" : ": does not load it\n" + grouped(all[first]);
  }
  return out;
}

}  // namespace

std::string described(const Examination& examination, bool as_json) { return as_json ? json(examination) : text(examination); }

}  // namespace keraft
