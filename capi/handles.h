// What is behind the handles, and the wall between C++ and the C ABI.
#pragma once

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "keraft.h"
#include "keraft/keraft.hpp"

struct keraft_error {
  keraft_status status = KERAFT_STATUS_INTERNAL;
  std::string text, message, file, name;
  uint64_t offset = KERAFT_NO_OFFSET;
};

struct keraft_registry {
  keraft::Registry registry = keraft::Registry::builtin();
};

struct keraft_context {
  keraft::Control control;
};

struct keraft_model {
  explicit keraft_model(keraft::Model loaded);

  struct PortTexts {
    std::string name, shape_text;
    std::vector<int64_t> shape;
    int32_t rank = -1;
    keraft_dtype dtype = KERAFT_DTYPE_INVALID;
  };
  keraft::Model model;
  std::vector<PortTexts> inputs, outputs;
};

struct keraft_report {
  keraft::Report report;
  keraft_status status = KERAFT_STATUS_OK;
  keraft_stage stage = KERAFT_STAGE_DONE;
};

struct keraft_runner {
  keraft::Runner runner;
  std::vector<std::string> outputs;
};

struct keraft_arrays {
  std::vector<std::pair<std::string, keraft::Array>> arrays;
};

namespace keraft::capi {

/// Makes *error (when asked for) of `e`; out of memory leaves it NULL.
keraft_status give(keraft_error** error, const Error& e) noexcept;

/// Every entry point that can fail runs in here: nothing is thrown across the ABI.
template <class Body>
keraft_status guard(keraft_error** error, Body&& body) noexcept {
  if (error) *error = nullptr;
  try {
    try {
      body();
      return KERAFT_STATUS_OK;
    } catch (const Error& e) {
      return give(error, e);
    } catch (const std::bad_alloc&) {
      return give(error, Error(Status::memory, "out of memory"));
    } catch (const std::length_error&) {
      return give(error, Error(Status::memory, "out of memory"));
    } catch (const std::exception& e) {
      return give(error, Error(Status::internal, e.what()));
    }
  } catch (const std::bad_alloc&) {
    return KERAFT_STATUS_MEMORY;
  } catch (...) {
    return KERAFT_STATUS_INTERNAL;
  }
}

[[noreturn]] inline void refuse(const char* what) { throw Error(Status::argument, what); }

/// Of what is written as one of two texts.
inline bool as_json(keraft_format format) {
  if (format != KERAFT_FORMAT_JSON && format != KERAFT_FORMAT_TEXT) refuse("format must be JSON or TEXT");
  return format == KERAFT_FORMAT_JSON;
}

template <class T>
T& need(T* pointer, const char* what) {
  if (!pointer) throw Error(Status::argument, std::string(what) + " is NULL");
  return *pointer;
}

inline keraft_str view(const std::string& text) noexcept { return {text.c_str(), text.size()}; }
inline keraft_str view(const Name& text) noexcept { return view(text.str()); }
inline keraft_str view(std::string_view text) noexcept { return {text.data(), text.size()}; }

std::string text(keraft_str value, const char* what);
/// Not empty and without NUL.
std::string path(keraft_str value, const char* what);
std::vector<std::string> texts(const keraft_str* values, size_t count, const char* what);

/// The caller's options, or T{} for NULL. Members that the caller's header did not know yet are zero; members that this library
/// does not know must be zero.
template <class T>
T options(const T* given) {
  T out{};
  out.struct_size = sizeof(T);
  if (!given) return out;
  size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size < sizeof size || size > 4096) refuse("struct_size of the options is not set: use the _INIT macro");
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  for (size_t i = sizeof(T); i < size; ++i) {
    if (bytes[i] != 0) refuse("the options have members that this version of keraft does not know");
  }
  std::memcpy(&out, given, size < sizeof(T) ? size : sizeof(T));
  out.struct_size = sizeof(T);
  return out;
}

/// Fills a struct of the caller as far as it knows its members.
template <class T>
void fill(T* out, T value) {
  const size_t size = need(out, "out").struct_size;
  if (size < sizeof size || size > 4096) refuse("struct_size of the result is not set: use the _INIT macro");
  value.struct_size = size;
  std::memcpy(out, &value, size < sizeof(T) ? size : sizeof(T));
}

const Control& control_of(const keraft_context* context);
LoadOptions load_options(const keraft_load_options* given);
ConvertOptions convert_options(const keraft_convert_options* given);
WriteOptions write_options(const keraft_write_options* given);
VerifyOptions verify_options(const keraft_verify_options* given);

/// Throws Status::cancelled when the caller's function stops.
void put(const std::string& bytes, keraft_write_fn write, void* user_data);

Report::Side side_of(const Model& model);
keraft_status status_of(const Report& report) noexcept;
void set_failure(keraft_report& report, const Error& error);

}  // namespace keraft::capi
