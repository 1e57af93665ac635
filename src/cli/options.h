// Options that several subcommands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/output.h"
#include "keraft_raii.hpp"

namespace keraft::cli {

struct Common {
  uint64_t max_memory = 0;
  int threads = 0;
  bool quiet = false, json = false;
  void add_to(CLI::App& app);
  /// A context whose progress goes to `line` and which stops on an interrupt.
  raii::Context context(ProgressLine& line) const;
};

/// The ops and layers of a rules file; its errors are those of usage.
raii::Registry registry_of(const std::string& rules);

struct LoadArgs {
  std::string checkpoint, signature, rules, backend;
  std::vector<std::string> tags, inputs, outputs, shapes;
  bool train = false, infer = false, ema = false, follow_links = false;
  void add_to(CLI::App& app);
};

/// The same as the C struct; points into the LoadArgs, which must stay.
class LoadOptions {
 public:
  explicit LoadOptions(const LoadArgs& args);
  const keraft_load_options* get() const noexcept { return &raw_; }
  /// For another file: the same rules and nothing else.
  keraft_load_options rules_only() const noexcept;

 private:
  raii::Registry registry_;
  std::vector<keraft_str> tags_, inputs_, outputs_;
  std::vector<keraft_input_shape> shapes_;
  keraft_load_options raw_ = KERAFT_LOAD_OPTIONS_INIT;
};

struct VerifyArgs {
  int samples = 0;
  uint64_t seed = 1;
  double rtol = 1e-4, atol = 1e-6;
  void add_to(CLI::App& app);
  keraft_verify_options get() const;
};

}  // namespace keraft::cli
