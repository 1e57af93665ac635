#include "cli/failure.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace keraft::cli {
namespace {

/// Neither a file nor a folder: a pipe, a device, a socket.
bool is_special(const std::string& path) {
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  using Type = std::filesystem::file_type;
  return type == Type::fifo || type == Type::character || type == Type::block || type == Type::socket;
}

}  // namespace

Exit exit_of(const raii::Error& error, During during, const std::string& input) {
  switch (error.status()) {
    case KERAFT_STATUS_OK:
      return exit_done;
    case KERAFT_STATUS_ARGUMENT:
      // About another file than the one that was named: about what lies in the model.
      return is_special(input) || (!error.file().empty() && error.file() != input && !input.empty()) ? exit_input : exit_usage;
    case KERAFT_STATUS_IO:
      return during == During::writing ? exit_output : exit_input;
    case KERAFT_STATUS_FORMAT:
      return exit_input;
    case KERAFT_STATUS_UNSUPPORTED:
      return exit_unsupported;
    case KERAFT_STATUS_MISMATCH:
      return during == During::comparing ? exit_differs : exit_input;
    case KERAFT_STATUS_MEMORY:
      return exit_budget;
    case KERAFT_STATUS_CANCELLED:
      return exit_interrupted;
    default:
      return exit_internal;
  }
}

void print_error(const std::string& text) {
  std::string line = "keraft: error: ";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  if (line.back() != '\n') line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace keraft::cli
