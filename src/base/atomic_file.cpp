#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace keraft::base {
namespace {

// What remove_temporaries may touch in a signal handler: fixed memory, each slot owned by one AtomicFile.
struct Entry {
  std::atomic<int> state{0};  // 0 free, 1 being written, 2 a name to delete
  char path[4096];
};
std::array<Entry, 32> entries;
static_assert(std::atomic<int>::is_always_lock_free);

void remember(const std::string& path) noexcept {
  for (Entry& entry : entries) {
    int expected = 0;
    if (path.size() >= sizeof entry.path || !entry.state.compare_exchange_strong(expected, 1)) continue;
    std::memcpy(entry.path, path.c_str(), path.size() + 1);
    entry.state.store(2);
    return;
  }
}

void forget(const std::string& path) noexcept {
  for (Entry& entry : entries) {
    if (entry.state.load() == 2 && path == entry.path) {
      entry.state.store(0);
      return;
    }
  }
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  static std::atomic<unsigned> counter{0};
  if (path_.empty() || path_.find('\0') != std::string::npos) throw Error(Status::argument, "not a path", {path_, {}, {}});
  if (is_folder(path_)) fail(path_, EISDIR, "cannot write");
  const size_t slash = path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path_.substr(0, slash + 1);
  for (int attempt = 0; fd_ < 0; ++attempt) {
    temporary_ = folder + ".keraft-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) + ".tmp";
    fd_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ < 0 && (errno != EEXIST || attempt > 100)) fail(path_, errno, "cannot write");
  }
  remember(temporary_);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
  forget(temporary_);
}

void AtomicFile::write(uint64_t offset, std::span<const std::byte> bytes) {
  overwrite(offset, bytes);
  end_ = std::max(end_, offset + bytes.size());
}

void AtomicFile::overwrite(uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), std::min(bytes.size(), size_t{1} << 30), static_cast<off_t>(offset));
    if (put < 0) {
      if (errno == EINTR) continue;
      fail(path_, errno, "cannot write");
    }
    bytes = bytes.subspan(static_cast<size_t>(put));
    offset += static_cast<uint64_t>(put);
  }
}

void AtomicFile::append(std::string_view bytes) { write(end_, std::as_bytes(std::span(bytes))); }

void AtomicFile::sync() {
  if (::fsync(fd_) != 0) fail(path_, errno, "cannot write");
}

void AtomicFile::commit() {
  sync();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno, "cannot rename the finished file");
  ::close(std::exchange(fd_, -1));
  forget(temporary_);
  // The rename itself must survive a crash; a file system that cannot sync folders is no reason to fail now.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

void remove_temporaries() noexcept {
  for (Entry& entry : entries) {
    if (entry.state.load() == 2) ::unlink(entry.path);
  }
}

}  // namespace keraft::base
