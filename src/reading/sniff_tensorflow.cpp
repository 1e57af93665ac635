#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/file.h"
#include "base/string.h"
#include "formats/checkpoint/table.h"
#include "formats/graphdef/raw_graph.h"
#include "formats/saved_model/saved_model.h"
#include "formats/wire/scan.h"
#include "reading/load_tensorflow.h"
#include "reading/tensorflow_file.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

constexpr size_t head_size = 4096;
constexpr size_t window = 1 << 16;
constexpr size_t longest_word = 256;
/// Top-level fields that are looked at before a file is taken for what they look like.
constexpr int looked_at = 8;

void refuse_strangers(const std::string& path, std::string_view head, uint64_t size) {
  const auto fail = [&](const char* what) { throw Error(Status::format, what, {path, {}, {}}); };
  if (size == 0) fail("the file is empty");
  if (head.starts_with("version https://git-lfs.github.com/spec"))
    fail("this is a git-LFS pointer, not the model; fetch the file itself with git lfs pull");
  const size_t first = head.find_first_not_of(" \t\r\n");
  const std::string start = first == std::string_view::npos ? std::string() : base::lower(head.substr(first, 20));
  if (start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml"))
    fail("this is a web page, not a model: the download went wrong");
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) fail("a text file in UTF-16; save it as UTF-8");
}

/// The first bytes that are neither white space nor a comment, however much of that there is before.
std::string first_words(const base::File& file) {
  std::string head = file.head(head_size);
  bool comment = false;
  for (uint64_t at = head.starts_with("\xEF\xBB\xBF") ? 3 : 0, begin = 0;; ++at) {
    if (at >= begin + head.size()) {
      begin = at;
      head.assign(static_cast<size_t>(std::min<uint64_t>(window, file.size() - begin)), '\0');
      if (head.empty()) return {};
      file.read(begin, std::as_writable_bytes(std::span(head)));
    }
    const char c = head[static_cast<size_t>(at - begin)];
    if (c == '\0') return {};
    if (comment || c == '#') {
      comment = c != '\n';
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      std::string out(static_cast<size_t>(std::min<uint64_t>(longest_word, file.size() - at)), '\0');
      file.read(at, std::as_writable_bytes(std::span(out)));
      return out;
    }
  }
}

std::optional<Content> sniff_text(const base::File& file) {
  const std::string words = first_words(file);
  const std::string_view head = words;
  const size_t end = std::min(head.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), head.size());
  const std::string_view word = head.substr(0, end);
  const size_t after = head.find_first_not_of(" \t\r\n", end);
  if (after == std::string_view::npos || (head[after] != '{' && head[after] != ':' && head[after] != '<')) return std::nullopt;
  if (word == "node" || word == "versions" || word == "library" || word == "version") return Content{Message::graph, true};
  if (word == "meta_info_def" || word == "graph_def" || word == "saver_def" || word == "collection_def" ||
      word == "signature_def") {
    return Content{Message::meta_graph, true};
  }
  if (word == "saved_model_schema_version" || word == "meta_graphs") return Content{Message::saved_model, true};
  return std::nullopt;
}

/// Do the bytes look like a NodeDef? A MetaInfoDef has a message where a node has its op.
bool is_node(wire::Scan scan) {
  bool name = false, op = false;
  for (int i = 0; i < looked_at && scan.next(); ++i) {
    if (scan.wire() != wire::Wire::bytes || scan.size() > head_size) continue;
    if (scan.field() == 1) name = is_node_name(scan.text());
    if (scan.field() == 2) op = is_node_name(scan.text());
  }
  return name && op;
}

std::optional<Content> sniff_binary(wire::Source& source) {
  wire::Scan scan(source);
  for (int i = 0; i < looked_at && scan.next(); ++i) {
    const bool bytes = scan.wire() == wire::Wire::bytes;
    switch (scan.field()) {
      case 1:
        if (!bytes)
          return scan.wire() == wire::Wire::varint ? std::optional(Content{Message::saved_model, false}) : std::nullopt;
        return Content{is_node(scan.message()) ? Message::graph : Message::meta_graph, false};
      case 2: {
        // A meta graph's graph, or a graph's library without a node before it.
        if (!bytes) return std::nullopt;
        wire::Scan inner = scan.message();
        if (!inner.next() || inner.field() != 1 || inner.wire() != wire::Wire::bytes) return std::nullopt;
        if (is_node(inner.message())) return Content{Message::meta_graph, false};
        return Content{Message::graph, false};
      }
      case 3:
        if (!bytes) break;
        return Content{Message::meta_graph, false};
      case 4:
        break;
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Content> content_of(const std::shared_ptr<const base::File>& file) {
  const std::string head = file->head(head_size);
  refuse_strangers(file->path(), head, file->size());
  if (const auto text = sniff_text(*file)) return text;
  const auto first = static_cast<uint8_t>(head[0]);
  if (first != 0x0A && first != 0x08 && first != 0x12 && first != 0x1A && first != 0x22) return std::nullopt;
  try {
    wire::Source source(base::file_range(file, 0, file->size()), file->path());
    return sniff_binary(source);
  } catch (const Error& error) {
    // Damage further in: whoever reads the file says where. A plausible beginning must not be called something else.
    if (error.status() != Status::format) throw;
    if (first == 0x0A) return Content{Message::graph, false};
    if (first == 0x08) return Content{Message::saved_model, false};
    return std::nullopt;
  }
}

std::string checkpoint_prefix(const std::string& path) {
  std::string prefix = path;
  if (path.ends_with(".index")) prefix = path.substr(0, path.size() - 6);
  const size_t data = path.rfind(".data-");
  if (data != std::string::npos && path.find('/', data) == std::string::npos && path.find("-of-", data) != std::string::npos)
    prefix = path.substr(0, data);
  return prefix;
}

std::optional<Kind> sniff_tensorflow(const std::string& path) {
  if (base::is_folder(path)) {
    saved_model_file(path);
    return Kind::saved_model;
  }
  const std::string prefix = checkpoint_prefix(path);
  if ((prefix != path || !base::exists(path)) && base::exists(prefix + ".index")) return Kind::checkpoint;
  const auto file = base::File::open(path);
  if (file->size() > 0 && is_table(*file)) {
    if (path.ends_with(".index")) return Kind::checkpoint;
    throw Error(Status::unsupported,
                "a checkpoint of the old V1 format; save it again with TensorFlow's Saver(write_version=V2)", {path, {}, {}});
  }
  const auto content = content_of(file);
  if (!content) return std::nullopt;
  switch (content->message) {
    case Message::saved_model:
      return Kind::saved_model;
    case Message::meta_graph:
      return Kind::meta_graph;
    default:
      return content->text ? Kind::graphdef_text : Kind::graphdef;
  }
}

}  // namespace keraft::reading
