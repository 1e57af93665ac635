// Changes every byte of a Keras file, and cuts it at every length: each time it is refused with a clean error, or its weights
// are what they were. Where a byte is a weight's own and the file keeps no checksum of it, exactly that byte of that weight may
// change. usage: damage FILE… [--step N [--from K]]    every N-th place only, beginning with the K-th
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/budget.h"
#include "base/file.h"
#include "formats/wire/hdf5_check.h"
#include "keraft/error.hpp"
#include "keraft/model.hpp"

extern "C" {
__attribute__((weak)) int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, size_t),
                                                                    void (*)(const volatile void*));
__attribute__((weak)) size_t __sanitizer_get_allocated_size(const volatile void*);
}

namespace {

constexpr uint64_t most_memory = uint64_t{64} << 20;
constexpr unsigned most_seconds = 60;  // a hang, on whatever machine

std::atomic<size_t> held = 0, peak = 0;

void allocated(const volatile void*, size_t size) {
  const size_t now = held += size;
  if (now > peak) peak = now;
}
void released(const volatile void* at) {
  if (at) held -= std::min<size_t>(held, __sanitizer_get_allocated_size(at));
}

struct Weight {
  keraft::DType dtype;
  std::vector<int64_t> dims;
  std::vector<std::byte> bytes;
  bool operator==(const Weight&) const = default;
};
using Weights = std::map<std::string, Weight>;

/// Nothing when the file is refused.
std::optional<Weights> weights_of(const std::string& path) {
  static const keraft::Control control = [] {
    keraft::Control c;
    c.threads = 1;
    c.limits.bytes = most_memory;
    return c;
  }();
  try {
    Weights out;
    const keraft::Model model = keraft::load(path, {}, control);
    for (const keraft::Layer& layer : model.graph.layers) {
      for (const keraft::Slot& slot : layer.slots) {
        out[layer.name + "/" + slot.name] = {slot.value.dtype, slot.value.dims, slot.value.load()};
      }
    }
    return out;
  } catch (const keraft::Error& error) {
    if (error.status() == keraft::Status::internal) throw;
    return std::nullopt;
  }
}

/// How many bytes differ; nothing when something else than bytes does.
std::optional<size_t> difference(const Weights& a, const Weights& b) {
  size_t out = 0;
  if (a.size() != b.size()) return std::nullopt;
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
    if (x->first != y->first || x->second.dtype != y->second.dtype || x->second.dims != y->second.dims) return std::nullopt;
    for (size_t i = 0; i < x->second.bytes.size(); ++i) out += x->second.bytes[i] != y->second.bytes[i];
  }
  return out;
}

/// Where elements lie that no checksum guards.
std::vector<std::pair<uint64_t, uint64_t>> unguarded(const std::string& path) {
  std::vector<std::pair<uint64_t, uint64_t>> out;
  if (path.ends_with(".keras")) return out;
  const keraft::Control control;
  keraft::base::Budget budget(control);
  const auto file = keraft::base::File::open(path);
  const auto checked = keraft::formats::wire::check_hdf5(keraft::base::file_range(file, 0, file->size()), path, budget);
  for (const auto& [address, dataset] : checked->datasets) {
    uint64_t size = dataset.element;
    for (const uint64_t dim : dataset.dims) size *= dim;
    if (dataset.at != UINT64_MAX) out.emplace_back(dataset.at, dataset.at + size);
    for (const auto& chunk : dataset.chunks) {
      if (dataset.filters.empty()) out.emplace_back(chunk.at, chunk.at + chunk.size);
    }
  }
  return out;
}

struct Tally {
  size_t refused = 0, equal = 0, own_byte = 0, silent = 0, largest = 0;
  double slowest = 0;
};

struct Damage {
  std::string path;
  Weights before;
  std::vector<std::pair<uint64_t, uint64_t>> plain;
  Tally& tally;

  void look(uint64_t at, const char* how) {
    alarm(most_seconds);
    const size_t base = held;
    peak = base;
    const auto start = std::chrono::steady_clock::now();
    std::optional<Weights> after;
    try {
      after = weights_of(path);
    } catch (const std::exception& error) {
      ++tally.silent;
      std::printf("FAIL: %s: byte %llu %s: %s\n", path.c_str(), static_cast<unsigned long long>(at), how, error.what());
      return;
    }
    tally.slowest = std::max(tally.slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    tally.largest = std::max<size_t>(tally.largest, peak - base);
    const auto changed = after ? difference(before, *after) : 0;
    const bool own =
        std::any_of(plain.begin(), plain.end(), [&](auto range) { return at >= range.first && at < range.second; });
    if (!after) {
      ++tally.refused;
    } else if (changed == 0) {
      ++tally.equal;
    } else if (changed == 1 && own) {
      ++tally.own_byte;
    } else {
      ++tally.silent;
      std::printf("FAIL: %s: byte %llu %s: other weights, and no error\n", path.c_str(), static_cast<unsigned long long>(at),
                  how);
    }
    if (peak - base > most_memory) {
      ++tally.silent;
      std::printf("FAIL: %s: byte %llu %s: %zu MB\n", path.c_str(), static_cast<unsigned long long>(at), how,
                  (peak - base) >> 20);
    }
  }
};

void damage(const std::string& source, uint64_t step, uint64_t from, Tally& tally) {
  const std::filesystem::path folder = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  const std::string path =
      folder / ("keraft-damage-" + std::to_string(getpid()) + std::filesystem::path(source).extension().string());
  std::filesystem::copy_file(source, path, std::filesystem::copy_options::overwrite_existing);
  const auto before = weights_of(path);
  if (!before || before->empty()) {
    std::printf("FAIL: %s: no weights\n", source.c_str());
    ++tally.silent;
    return;
  }
  Damage one{path, *before, unguarded(path), tally};
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  const uint64_t size = std::filesystem::file_size(path);
  for (uint64_t at = from; at < size; at += step) {
    unsigned char old = 0;
    if (pread(file, &old, 1, static_cast<off_t>(at)) != 1) std::abort();
    const std::array<std::pair<int, const char*>, 4> changes{{{0, "00"}, {0xFF, "FF"}, {old + 1, "+1"}, {old - 1, "-1"}}};
    for (const auto& [value, how] : changes) {
      const auto byte = static_cast<unsigned char>(value);
      if (byte == old) continue;
      if (pwrite(file, &byte, 1, static_cast<off_t>(at)) != 1) std::abort();
      one.look(at, how);
    }
    if (pwrite(file, &old, 1, static_cast<off_t>(at)) != 1) std::abort();
  }
  if (weights_of(path) != before) std::abort();
  for (uint64_t length = size; length-- > 0;) {
    if (length % step != from % step) continue;
    if (ftruncate(file, static_cast<off_t>(length)) != 0) std::abort();
    one.plain.clear();
    one.look(length, "cut");
  }
  close(file);
  std::filesystem::remove(path);
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t step = 1, from = 0;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--step") == 0 && i + 1 < argc)
      step = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--from") == 0 && i + 1 < argc)
      from = std::strtoull(argv[++i], nullptr, 10);
    else
      files.emplace_back(argv[i]);
  }
  if (files.empty() || step == 0) return 2;
  if (__sanitizer_install_malloc_and_free_hooks) __sanitizer_install_malloc_and_free_hooks(allocated, released);
  size_t failed = 0;
  for (const std::string& file : files) {
    Tally tally;
    damage(file, step, from, tally);
    failed += tally.silent;
    std::printf("%s: %zu refused, %zu with the same weights, %zu with the changed byte only, %zu wrong; slowest %.3f s",
                std::filesystem::path(file).filename().c_str(), tally.refused, tally.equal, tally.own_byte, tally.silent,
                tally.slowest);
    if (__sanitizer_install_malloc_and_free_hooks)
      std::printf(", %.1f MB at most", static_cast<double>(tally.largest) / (1 << 20));
    std::printf("\n");
    std::fflush(stdout);
  }
  return failed > 0;
}
