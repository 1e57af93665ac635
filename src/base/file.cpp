#include "base/file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

namespace keraft::base {
namespace {

std::string system_text(int code) { return std::generic_category().message(code); }

// O_NONBLOCK: opening a FIFO must not wait for a writer; it has no effect on regular files.
constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

std::string real_path(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) ? std::string(buffer) : std::string();
}

/// As openat2 with RESOLVE_BENEATH, for systems without it: here a link that changes meanwhile may lead out.
int open_where_it_really_lies(const std::string& folder, const std::string& name) {
  const std::string root = real_path(folder), file = real_path(folder + "/" + name);
  if (root.empty() || file.empty()) return -1;
  if (!file.starts_with(root + "/")) {
    errno = EXDEV;
    return -1;
  }
  return ::open(file.c_str(), reading | O_NOFOLLOW);
}

int open_inside(const std::string& folder, const std::string& name) {
  const int root = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return -1;
  open_how how{};
  how.flags = static_cast<uint64_t>(reading);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto fd = static_cast<int>(::syscall(SYS_openat2, root, name.c_str(), &how, sizeof how));
  const int code = errno;
  ::close(root);
  errno = code;
  // Sandboxes answer EPERM to calls that they do not know.
  return fd < 0 && (code == ENOSYS || code == EPERM) ? open_where_it_really_lies(folder, name) : fd;
}

class FileRange : public Storage {
 public:
  FileRange(std::shared_ptr<const File> file, uint64_t offset, uint64_t size)
      : file_(std::move(file)), offset_(offset), size_(size) {}
  uint64_t size() const noexcept override { return size_; }
  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      throw Error(Status::internal, "read past the end of a tensor", {file_->path(), offset_, {}});
    }
    file_->read(offset_ + offset, out);
  }

 private:
  std::shared_ptr<const File> file_;
  uint64_t offset_, size_;
};

}  // namespace

void fail(const std::string& path, int code, const char* what) {
  throw Error(Status::io, std::string(what) + ": " + system_text(code), {path, {}, {}});
}

File::File(std::string path, int fd, uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}

File::~File() { ::close(fd_); }

std::shared_ptr<const File> File::open(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) throw Error(Status::argument, "not a path", {path, {}, {}});
  return adopt(path, ::open(path.c_str(), reading));
}

std::shared_ptr<const File> File::open_beneath(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (path.find('\0') != std::string::npos) throw Error(Status::argument, "not a path", {path, {}, {}});
  const int fd = open_inside(folder, name);
  if (fd < 0 && errno == EXDEV) {
    throw Error(Status::format,
                "a link leads outside of the model's folder; follow_links (--follow-links) opens it all the same",
                {path, {}, {}});
  }
  return adopt(path, fd);
}

std::shared_ptr<const File> File::adopt(const std::string& path, int fd) {
  if (fd < 0) {
    // A socket cannot be opened at all.
    if (errno == ENXIO) throw Error(Status::argument, "not a regular file", {path, {}, {}});
    fail(path, errno, "cannot open");
  }
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    const int code = errno;
    ::close(fd);
    fail(path, code, "cannot stat");
  }
  if (!S_ISREG(info.st_mode)) {
    ::close(fd);
    throw Error(Status::argument, S_ISDIR(info.st_mode) ? "is a folder, not a file" : "not a regular file", {path, {}, {}});
  }
  try {
    return std::shared_ptr<const File>(new File(path, fd, static_cast<uint64_t>(info.st_size)));
  } catch (...) {
    ::close(fd);
    throw;
  }
}

void File::read(uint64_t offset, std::span<std::byte> out) const {
  if (offset > size_ || out.size() > size_ - offset) {
    throw Error(Status::format,
                "the file is cut short: " + std::to_string(out.size()) + " bytes wanted, the file has " + std::to_string(size_),
                {path_, offset, {}});
  }
  while (!out.empty()) {
    const size_t step = std::min(out.size(), size_t{1} << 30);
    const ssize_t got = ::pread(fd_, out.data(), step, static_cast<off_t>(offset));
    if (got < 0) {
      if (errno == EINTR) continue;
      throw Error(Status::io, "cannot read: " + system_text(errno), {path_, offset, {}});
    }
    if (got == 0) throw Error(Status::io, "the file became shorter while it was read", {path_, offset, {}});
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
}

std::string File::head(size_t n) const {
  std::string out(static_cast<size_t>(std::min<uint64_t>(n, size_)), '\0');
  read(0, std::as_writable_bytes(std::span(out)));
  return out;
}

std::string File::text(uint64_t limit) const {
  if (size_ > limit) {
    throw Error(Status::memory,
                "the file has " + std::to_string(size_) + " bytes; at most " + std::to_string(limit) + " are read as one piece",
                {path_, {}, {}});
  }
  return head(static_cast<size_t>(size_));
}

std::shared_ptr<const Storage> file_range(std::shared_ptr<const File> file, uint64_t offset, uint64_t size) {
  if (offset > file->size() || size > file->size() - offset) {
    throw Error(Status::format,
                "the file is cut short: a tensor of " + std::to_string(size) + " bytes ends past the end of the file",
                {file->path(), offset, {}});
  }
  return std::make_shared<FileRange>(std::move(file), offset, size);
}

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

}  // namespace keraft::base
