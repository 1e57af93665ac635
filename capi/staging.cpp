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

/// Renames must survive a crash; a file system that cannot sync folders is no reason to fail.
void sync_folder(const std::string& path) {
  const int folder = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

/// A checkpoint's files belong to the meta graph of their name, weights to the source.
bool part_of(const fs::path& file, const fs::path& target) {
  const std::string name = file.filename().string(), stem = target.stem().string();
  if (target.extension() == ".py") return name == stem + ".npz";
  return target.extension() == ".meta" && (name == stem + ".index" || name.starts_with(stem + ".data-"));
}

}  // namespace

Staging::Staging(std::string target, bool folder) : target_(std::move(target)), is_folder_(folder) {
  while (folder && target_.size() > 1 && target_.ends_with('/')) target_.pop_back();
  struct stat found {};
  if (::stat(target_.c_str(), &found) == 0) {
    if (!folder && S_ISDIR(found.st_mode)) fail(target_, EISDIR);
    if (!folder && !S_ISREG(found.st_mode)) throw Error(Status::io, "cannot write: it is no regular file", {target_, {}, {}});
    if (folder && !S_ISDIR(found.st_mode)) fail(target_, ENOTDIR);
    if (folder && !fs::is_empty(target_) && !fs::exists(fs::path(target_) / "saved_model.pb"))
      throw Error(Status::io, "is in the way: a folder of other files; choose another place", {target_, {}, {}});
  }
  const size_t slash = target_.rfind('/');
  folder_ = slash == std::string::npos ? "" : target_.substr(0, slash + 1);
  const std::string name = target_.substr(folder_.size());
  if (name.empty() || name == "." || name == "..") fail(target_, EISDIR);
  std::string own = folder_ + ".keraft-XXXXXX";
  if (!::mkdtemp(own.data())) fail(target_, errno);
  private_ = own + "/";
  staged_ = private_ + name;
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(private_, ignored);
}

void Staging::commit_folder() {
  const std::string old = private_ + ".old";
  const bool replaces = fs::exists(target_);
  if (replaces) move(target_, old);
  try {
    move(staged_, target_);
  } catch (const Error&) {
    if (replaces) move(old, target_);
    throw;
  }
}

void Staging::commit() {
  if (is_folder_) {
    commit_folder();
    return sync_folder(folder_);
  }
  std::vector<fs::path> beside;
  for (const fs::directory_entry& entry : fs::directory_iterator(private_)) {
    if (entry.path().filename() != fs::path(staged_).filename()) beside.push_back(entry.path());
  }
  // A file beside the target is replaced only when an earlier run wrote it: generated files tell so in their first line.
  for (const fs::path& file : beside) {
    const fs::path to = folder_ + file.filename().string();
    if (fs::exists(to) && !part_of(file, target_) && first_line(to) != first_line(file)) {
      throw Error(Status::io, "is in the way: it was not written by keraft", {to.string(), {}, {}});
    }
  }
  for (const fs::path& file : beside) move(file, folder_ + file.filename().string());
  move(staged_, target_);
  sync_folder(folder_);
}

Error Staging::in_place(const Error& error) const {
  Place place = error.place();
  place.file = replaced(place.file, private_, folder_);
  return Error(error.status(), replaced(error.message(), private_, folder_), std::move(place));
}

}  // namespace keraft::capi
