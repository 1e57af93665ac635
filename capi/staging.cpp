#include "staging.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace keraft::capi {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int code, const char* what = "cannot write") {
  throw Error(Status::io, std::string(what) + ": " + std::generic_category().message(code), {path, {}, {}});
}

std::string first_line(const fs::path& path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail(to.string(), errno);
}

}  // namespace

Staging::Staging(std::string target) : target_(std::move(target)) {
  struct stat found {};
  if (::stat(target_.c_str(), &found) == 0) {
    if (S_ISDIR(found.st_mode)) fail(target_, EISDIR);
    if (!S_ISREG(found.st_mode)) throw Error(Status::io, "cannot write: it is no regular file", {target_, {}, {}});
  }
  const size_t slash = target_.rfind('/');
  folder_ = slash == std::string::npos ? "" : target_.substr(0, slash + 1);
  const std::string name = target_.substr(folder_.size());
  if (name.empty()) fail(target_, EISDIR);
  std::string folder = folder_ + ".keraft-XXXXXX";
  if (!::mkdtemp(folder.data())) fail(target_, errno);
  private_ = folder + "/";
  staged_ = private_ + name;
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(private_, ignored);
}

void Staging::commit() {
  std::vector<fs::path> beside;
  for (const fs::directory_entry& entry : fs::directory_iterator(private_)) {
    if (entry.path().filename() != fs::path(staged_).filename()) beside.push_back(entry.path());
  }
  // A file beside the target is replaced only when an earlier run wrote it: generated files tell so in their first line.
  for (const fs::path& file : beside) {
    const fs::path to = folder_ + file.filename().string();
    if (fs::exists(to) && first_line(to) != first_line(file)) {
      throw Error(Status::io, "is in the way: it was not written by keraft", {to.string(), {}, {}});
    }
  }
  for (const fs::path& file : beside) move(file, folder_ + file.filename().string());
  move(staged_, target_);
  // The renames must survive a crash; a file system that cannot sync folders is no reason to fail now.
  const int folder = ::open(folder_.empty() ? "." : folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

Error Staging::in_place(const Error& error) const {
  Place place = error.place();
  place.file = replaced(place.file, private_, folder_);
  return Error(error.status(), replaced(error.message(), private_, folder_), std::move(place));
}

}  // namespace keraft::capi
