// A private folder beside the target, in which a file or a folder is written and checked before it takes its place.
#pragma once

#include <string>

#include "handles.h"

namespace keraft::capi {

class Staging {
 public:
  /// Throws Status::io when the target is no regular file, or for a `folder` none or one that is no SavedModel, or when the
  /// folder around it cannot be written to.
  explicit Staging(std::string target, bool folder = false);
  /// Deletes what was not committed.
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// Where to write: the target's own name in the private folder.
  const std::string& path() const noexcept { return staged_; }
  /// Moves the file and what was written beside it to the target's folder, the file itself last; a folder takes the place of
  /// the one that was there.
  void commit();
  /// The error with the target's folder for the private one.
  Error in_place(const Error& error) const;

 private:
  void commit_folder();

  std::string target_, folder_, private_, staged_;
  bool is_folder_;
};

/// Writes a model, which is used up, and takes its place at `target` unless `accept`, which is called with the path of what was
/// written, says no.
template <class Accept>
void put_in_place(Model& model, const std::string& target, Kind kind, const WriteOptions& options, const Control& control,
                  keraft_report& found, Accept&& accept) {
  found.stage = KERAFT_STAGE_WRITE;
  Staging staging(target, kind == Kind::saved_model);
  try {
    write(std::move(model), staging.path(), kind, options, control);
    if (!accept(staging.path())) return;
    found.stage = KERAFT_STAGE_WRITE;
    check(control);
    staging.commit();
  } catch (const Error& error) {
    throw staging.in_place(error);
  }
  found.stage = KERAFT_STAGE_DONE;
}

}  // namespace keraft::capi
