// Errors: one exception type, thrown by every function of the C++ API, never across the C ABI.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace keraft {

/// Fixed values; the C API uses the same numbers.
enum class Status : int32_t {
  ok = 0,
  argument = 1,     ///< the caller's fault: option, name or path
  io = 2,           ///< the system refused: missing, permission, disk full
  format = 3,       ///< a file is malformed, truncated, contradictory or ambiguous
  unsupported = 4,  ///< understood, but nothing here can express it
  mismatch = 5,     ///< two things that must agree do not
  memory = 6,       ///< over the budget, or out of memory
  cancelled = 7,    ///< the caller's callback or an interrupt asked to stop
  internal = 8,     ///< a bug in keraft
};

/// Where an error was found. Every part is optional.
struct Place {
  std::string file;
  std::optional<uint64_t> offset;  ///< bytes from the start of the file
  std::string name;                ///< node, tensor, dataset or key, as in the file (unescaped)
};

class Error : public std::exception {
 public:
  Error(Status status, std::string message, Place place = {});

  Status status() const noexcept { return status_; }
  /// What is wrong and what to do, without the place.
  const std::string& message() const noexcept { return message_; }
  const Place& place() const noexcept { return place_; }
  /// Place and message in one line; names from files are escaped.
  const char* what() const noexcept override { return text_.c_str(); }

  /// The same error with the parts of `place` filled in that were empty.
  Error at(const Place& place) const;

 private:
  Status status_;
  std::string message_;
  Place place_;
  std::string text_;
};

}  // namespace keraft
