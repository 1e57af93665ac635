#include "cli/conclude.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace keraft::cli {
namespace {

std::string unsupported_text(const raii::Report& report) {
  const auto nodes = report.unsupported();
  std::string text = fmt::format("{} {} no place in a Keras model; nothing was written\n", nodes.size(),
                                 nodes.size() == 1 ? "node has" : "nodes have");
  for (const keraft_unsupported& node : nodes) {
    text += fmt::format("  {} ({}): {}\n", raii::text(node.node), raii::text(node.op), raii::text(node.reason));
  }
  return text;
}

/// Is the file OUT, or a part of it?
bool is_written(std::string_view out, std::string_view file) {
  while (out.size() > 1 && out.ends_with('/')) out.remove_suffix(1);
  if (file.empty() || file == out || file.ends_with(".py")) return true;
  if (out.ends_with(".py") && file == std::string(out.substr(0, out.size() - 3)) + ".npz") return true;
  const bool meta = out.ends_with(".meta");
  if (meta) out.remove_suffix(5);
  const std::string_view rest = file.starts_with(out) ? file.substr(out.size()) : std::string_view();
  return meta ? rest == ".index" || rest.starts_with(".data-") : rest.starts_with('/');
}

/// What is wrong with a file that was named is usage; with one that belongs to it, input.
std::string read_file(const std::vector<std::string>& in, const std::string& out, keraft_stage stage, std::string_view file) {
  if (file == out) return {};
  if (std::find(in.begin(), in.end(), file) != in.end()) return std::string(file);
  return stage == KERAFT_STAGE_LOAD ? in.front() : std::string();
}

}  // namespace

Exit conclude(const std::vector<std::string>& in, const std::string& out, const raii::FileConversion& found) {
  if (found.failure) {
    const keraft_stage stage = found.report ? found.report.stage() : KERAFT_STAGE_LOAD;
    const bool comparing = stage == KERAFT_STAGE_VERIFY;
    const bool stopped = found.failure->status() == KERAFT_STATUS_CANCELLED;
    std::string text = stopped ? "interrupted; nothing was written" : found.failure->what();
    if (comparing && !stopped) {
      text +=
          "\n  the written model could not be compared with its source, and was removed; --no-verify leaves the comparison "
          "out\n";
    }
    print_error(text);
    // The weights of IN are read while OUT is written.
    const bool writing = stage == KERAFT_STAGE_WRITE && is_written(out, found.failure->file());
    const During during = comparing ? During::comparing : writing ? During::writing : During::reading;
    return exit_of(*found.failure, during, read_file(in, out, stage, found.failure->file()));
  }
  switch (found.report.status()) {
    case KERAFT_STATUS_OK:
      return exit_done;
    case KERAFT_STATUS_MISMATCH: {
      keraft_comparison figures = KERAFT_COMPARISON_INIT;
      raii::checked([&](keraft_error** error) { return keraft_report_get_comparison(found.report.get(), &figures, error); });
      print_error(fmt::format("{}: computes something else than its source: off by {:.3g} (relative {:.3g}), first at {}", out,
                              figures.max_abs, figures.max_rel, raii::text(figures.first_difference)));
      return exit_differs;
    }
    default:
      print_error(unsupported_text(found.report));
      return exit_unsupported;
  }
}

ReportFile::ReportFile(const std::string& path) : path_(path) {
  if (path.empty()) return;
  report_format(path);
  file_.emplace(path);
}

void ReportFile::write(const raii::FileConversion& found, const Common& common) {
  if (!found.report) return;
  if (file_) {
    file_->write(found.report.write(report_format(path_)));
    file_->commit();
  }
  if (common.json) {
    print(found.report.write(KERAFT_FORMAT_JSON));
  } else if (!common.quiet && !found.failure) {
    print(found.report.write(KERAFT_FORMAT_TEXT));
  }
}

}  // namespace keraft::cli
