#include "formats/wire/hdf5_guard.h"

namespace keraft::formats::wire {
namespace {

std::mutex& process_lock() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

Hdf5Guard::Hdf5Guard() : lock_(process_lock()) {
  static const bool opened = [] {
    H5dont_atexit();
    return H5open() >= 0;
  }();
  static_cast<void>(opened);
  H5Eget_auto2(H5E_DEFAULT, &report_, &report_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLget_loading_state(&plugins_);
  H5PLset_loading_state(0);
}

Hdf5Guard::~Hdf5Guard() {
  H5PLset_loading_state(plugins_);
  H5Eset_auto2(H5E_DEFAULT, report_, report_data_);
}

}  // namespace keraft::formats::wire
