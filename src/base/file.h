// All file access of keraft.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "keraft/error.hpp"
#include "keraft/tensor.hpp"

namespace keraft::base {

/// A regular file open for reading. Bytes are fetched with pread, never mapped: a file that shrinks while it is read must end
/// in an Error, not in SIGBUS in somebody's process. Thread-safe.
class File {
 public:
  /// Throws Status::io (with errno's text), or Status::argument for what is no regular file.
  static std::shared_ptr<const File> open(const std::string& path);
  /// A file of a folder. Links inside the folder are followed, links out of it throw Status::format; the folder itself may be
  /// one.
  static std::shared_ptr<const File> open_beneath(const std::string& folder, const std::string& name);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& path() const noexcept { return path_; }
  uint64_t size() const noexcept { return size_; }
  /// Throws Status::format when the range is not inside the file, Status::io when the system fails or the file shrank.
  void read(uint64_t offset, std::span<std::byte> out) const;
  /// The first min(n, size) bytes.
  std::string head(size_t n) const;
  /// The whole file; throws Status::memory when it is larger than `limit`.
  std::string text(uint64_t limit) const;

 private:
  static std::shared_ptr<const File> adopt(const std::string& path, int fd);
  File(std::string path, int fd, uint64_t size);
  std::string path_;
  int fd_;
  uint64_t size_;
};

/// A range of a file as storage; the range is checked against the file's size here (Status::format).
std::shared_ptr<const Storage> file_range(std::shared_ptr<const File> file, uint64_t offset, uint64_t size);

/// Throws Status::io: what was tried, and the system's text for `code` (an errno).
[[noreturn]] void fail(const std::string& path, int code, const char* what);

bool is_folder(const std::string& path);
bool exists(const std::string& path);

/// A file that appears whole or not at all. Bytes go to a temporary file in the same folder; `commit` fsyncs and renames it
/// over `path`; without commit the temporary file is deleted. Throws Status::io with the path and errno's text.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::string& temporary() const noexcept { return temporary_; }
  int descriptor() const noexcept { return fd_; }
  void write(uint64_t offset, std::span<const std::byte> bytes);
  /// Bytes inside what is written already; may be called by several threads at once.
  void overwrite(uint64_t offset, std::span<const std::byte> bytes) const;
  void append(std::string_view bytes);
  uint64_t size() const noexcept { return end_; }
  void sync();
  void commit();

 private:
  std::string path_, temporary_;
  int fd_ = -1;
  uint64_t end_ = 0;
};

/// Removes temporary files of this process that AtomicFile still holds open: async-signal-safe, for a signal handler that is
/// about to end the process.
void remove_temporaries() noexcept;

}  // namespace keraft::base
