// Reading HDF5. Only hard links are followed, no other file is ever opened, and nothing is read that was not asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "keraft/tensor.hpp"

namespace keraft::formats::wire {

class Hdf5Reader {
 public:
  /// `source` holds the whole HDF5 file; `place` names it in errors. Throws Status::format when it is none.
  Hdf5Reader(std::shared_ptr<const Storage> source, std::string place, base::Budget& budget);
  ~Hdf5Reader();
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;

  /// Paths are absolute. False when a part of the path is missing; throws Status::format for a link that is not a hard link.
  bool has(const std::string& path);
  /// Names in a group, sorted as text; empty when there is no such group.
  std::vector<std::string> children(const std::string& path);
  /// An attribute that is one string, however stored; nothing when absent.
  std::optional<std::string> text(const std::string& path, const std::string& name);
  /// An attribute that is a list of strings, or name0, name1, … joined; nothing when absent.
  std::optional<std::vector<std::string>> texts(const std::string& path, const std::string& name);
  /// A dataset. Contiguous little-endian data stay where they are; the rest is loaded.
  Tensor tensor(const std::string& path);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keraft::formats::wire
