#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/failure.h"

namespace keraft::cli {

void print(std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) != 0 || !whole) {
    throw Failure(exit_output, fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
}

ProgressLine::ProgressLine(bool quiet) : active_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(std::string_view stage, double done) {
  const int percent = static_cast<int>(done * 100);
  if (!active_ || (percent == last_ && stage == stage_)) return;
  last_ = percent;
  stage_ = stage;
  shown_ = true;
  fmt::print(stderr, "\r\033[K{} {}%", stage, percent);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  struct stat found {};
  if (::stat(path_.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
    throw Failure(exit_output, fmt::format("{}: cannot write: it is no regular file", path_));
  }
  const size_t slash = path_.rfind('/');
  temporary_ = (slash == std::string::npos ? "" : path_.substr(0, slash + 1)) + ".keraft-XXXXXX";
  fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (fd_ < 0) fail();
}

OutputFile::~OutputFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void OutputFile::fail() const { throw Failure(exit_output, fmt::format("{}: cannot write: {}", path_, std::strerror(errno))); }

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail();
    bytes.remove_prefix(static_cast<size_t>(put));
  }
}

void OutputFile::commit() {
  // umask can only be read by setting it; the command has one thread here.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(fd_, 0666 & ~mask) != 0 || ::fsync(fd_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  ::close(fd_);
  fd_ = -1;
}

keraft_format report_format(const std::string& path) {
  const auto ends = [&](std::string_view end) {
    return path.size() > end.size() && std::string_view(path).substr(path.size() - end.size()) == end;
  };
  if (ends(".json")) return KERAFT_FORMAT_JSON;
  if (ends(".html")) return KERAFT_FORMAT_HTML;
  if (ends(".txt")) return KERAFT_FORMAT_TEXT;
  throw Failure(exit_usage, "--report needs a name that ends in .json, .html or .txt");
}

}  // namespace keraft::cli
