#include "keraft/error.hpp"

#include <utility>

#include "base/string.h"
#include "keraft/control.hpp"

namespace keraft {
namespace {

std::string line(const std::string& message, const Place& place) {
  std::string out;
  if (!place.file.empty()) out += base::escaped(place.file, 400);
  if (place.offset) out += (out.empty() ? "byte " : ", byte ") + std::to_string(*place.offset);
  if (!place.name.empty()) out += (out.empty() ? "'" : ", '") + base::escaped(place.name) + "'";
  return out.empty() ? message : out + ": " + message;
}

}  // namespace

Error::Error(Status status, std::string message, Place place)
    : status_(status), message_(std::move(message)), place_(std::move(place)), text_(line(message_, place_)) {}

Error Error::at(const Place& place) const {
  Place merged = place_;
  if (merged.file.empty()) merged.file = place.file;
  if (!merged.offset) merged.offset = place.offset;
  if (merged.name.empty()) merged.name = place.name;
  return Error(status_, message_, std::move(merged));
}

void check(const Control& control) {
  if (control.cancelled && control.cancelled()) throw Error(Status::cancelled, "stopped by the caller");
}

}  // namespace keraft
