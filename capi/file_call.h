// What the calls have in common that go from file to file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "handles.h"

namespace keraft::capi {

/// Whatever the case of the letters in `text`.
bool ends_with(const std::string& text, std::string_view end);
/// Throws Status::argument for a name that tells no kind, and for kinds that cannot be written.
Kind kind_of(const std::string& path, keraft_kind asked);
/// A file written into the folder that is being read would become a part of the source. Throws Status::argument.
void refuse_inside(const std::string& source, const std::string& target);

/// Runs `body` with a new report, which the caller gets on failure too.
template <class Body>
void with_report(keraft_report** report, Body&& body) {
  auto found = std::make_unique<keraft_report>();
  std::optional<Error> failure;
  try {
    body(*found);
  } catch (const Error& e) {
    failure = e;
  } catch (const std::bad_alloc&) {
    failure = Error(Status::memory, "out of memory");
  } catch (const std::exception& e) {
    failure = Error(Status::internal, e.what());
  }
  if (failure) set_failure(*found, *failure);
  if (report) *report = found.release();
  if (failure) throw *failure;
}

}  // namespace keraft::capi
