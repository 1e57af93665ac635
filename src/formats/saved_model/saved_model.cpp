#include "formats/saved_model/saved_model.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/string.h"

namespace keraft::formats {
namespace {

constexpr size_t most_meta_graphs = 1000;

struct Candidate {
  wire::Scan scan;
  std::set<std::string> tags;
};

std::set<std::string> tags_of(wire::Scan meta_graph) {
  std::set<std::string> out;
  while (meta_graph.next()) {
    if (meta_graph.field() != 1) continue;
    wire::Scan info = meta_graph.message();
    while (info.next()) {
      if (info.field() == 4) out.insert(info.text());
    }
  }
  return out;
}

std::string text(const std::set<std::string>& tags) {
  std::string out;
  for (const std::string& tag : tags) out += (out.empty() ? "" : ",") + base::escaped(tag);
  return out.empty() ? "(no tag)" : out;
}

}  // namespace

std::string saved_model_file(const std::string& folder) {
  const std::string binary = folder + "/saved_model.pb", readable = folder + "/saved_model.pbtxt";
  const bool has_binary = base::exists(binary), has_readable = base::exists(readable);
  if (has_binary && has_readable)
    throw Error(Status::format, "the folder has both saved_model.pb and saved_model.pbtxt; remove one", {folder, {}, {}});
  if (!has_binary && !has_readable) throw Error(Status::format, "the folder holds no saved_model.pb", {folder, {}, {}});
  return has_binary ? "saved_model.pb" : "saved_model.pbtxt";
}

wire::Scan choose_meta_graph(wire::Source& source, const std::vector<std::string>& tags) {
  std::vector<Candidate> all;
  wire::Scan scan(source);
  while (scan.next()) {
    if (scan.field() != 2) continue;
    if (all.size() >= most_meta_graphs)
      throw Error(Status::memory, "more than 1000 meta graphs", {source.path(), scan.offset(), {}});
    all.push_back({scan.message(), tags_of(scan.message())});
  }
  std::string listed;
  for (const Candidate& one : all) listed += (listed.empty() ? "" : "; ") + text(one.tags);
  const Place place{source.path(), {}, {}};
  if (all.empty()) throw Error(Status::format, "a SavedModel without any graph", place);
  const auto matching = [&](const auto& accept) {
    std::vector<wire::Scan> out;
    for (const Candidate& one : all) {
      if (accept(one)) out.push_back(one.scan);
    }
    return out;
  };
  if (!tags.empty()) {
    const std::set<std::string> wanted(tags.begin(), tags.end());
    auto found = matching([&](const Candidate& one) { return one.tags == wanted; });
    if (found.empty()) {
      found = matching(
          [&](const Candidate& one) { return std::includes(one.tags.begin(), one.tags.end(), wanted.begin(), wanted.end()); });
    }
    if (found.size() == 1) return found[0];
    throw Error(
        found.empty() ? Status::argument : Status::format,
        (found.empty() ? "no graph with the tags " : "several graphs with the tags ") + text(wanted) + "; there are: " + listed,
        place);
  }
  const auto exact = matching([](const Candidate& one) { return one.tags == std::set<std::string>{"serve"}; });
  if (exact.size() == 1) return exact[0];
  const auto serving = matching([](const Candidate& one) { return one.tags.count("serve") > 0; });
  if (exact.empty() && serving.size() == 1) return serving[0];
  if (all.size() == 1) return all[0].scan;
  throw Error(Status::format, "several graphs in the SavedModel; choose one with --tags: " + listed, place);
}

}  // namespace keraft::formats
