#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <utility>

#include "base/string.h"
#include "formats/wire/messages.h"
#include "formats/wire/parse.h"
#include "formats/wire/proto/checkpoint.pb.h"
#include "formats/wire/proto/meta_graph.pb.h"

namespace keraft::formats::wire {
namespace {

class Errors : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    if (first.empty())
      first = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " + base::escaped(message);
  }
  /// libprotobuf warns of fields that it skips.
  void AddWarning(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    static constexpr const char* harmless[] = {"\"experimental_type\"", "\"experimental_debug_info\"",
                                               "\"experimental_full_type\"", "\"handle_data\"", "\"debug_info\""};
    for (const char* name : harmless) {
      if (message.find(name) != std::string::npos) return;
    }
    if (skipped.empty())
      skipped = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " + base::escaped(message);
  }
  std::string first, skipped;
};

[[noreturn]] void fail(size_t line, const std::string& what, const Place& place, Status status = Status::format) {
  throw Error(status, "line " + std::to_string(line) + ": " + what, place);
}

// libprotobuf's parser recurses without a limit of its own for braces: they are counted before.
void check_nesting(const std::string& text, const Place& place, int limit) {
  int depth = 0;
  size_t line = 1, opened = 1;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quote) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
      if (c == '\n') fail(opened, "a string without an end", place);
      continue;
    }
    switch (c) {
      case '#':
        while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
        break;
      case '"':
      case '\'':
        quote = c;
        opened = line;
        break;
      case '{':
      case '<':
      case '[':
        if (++depth > limit) fail(line, "nested deeper than " + std::to_string(limit) + " levels", place, Status::memory);
        break;
      case '}':
      case '>':
      case ']':
        if (--depth < 0) fail(line, "a closing bracket without an opening one", place);
        break;
      case '\0':
        fail(line, "a zero byte in a text file", place);
      default:
        break;
    }
  }
  if (quote) fail(opened, "a string without an end", place);
  if (depth > 0) fail(line, "the text ends inside a message: it is cut short", place);
}

template <class Message>
std::string converted(const std::string& text, const Place& place, int depth, bool newer_fields) {
  const Quiet quiet;
  google::protobuf::TextFormat::Parser parser;
  Errors errors;
  parser.RecordErrorsTo(&errors);
  parser.SetRecursionLimit(depth);
  parser.AllowUnknownField(true);
  Message message;
  if (!parser.ParseFromString(text, &message)) throw Error(Status::format, errors.first, place);
  if (!newer_fields && !errors.skipped.empty()) throw Error(Status::unsupported, errors.skipped, place);
  std::string out;
  if (!message.SerializeToString(&out)) throw Error(Status::format, "names that are no UTF-8, or over 2 GiB", place);
  return out;
}

}  // namespace

std::string binary_of_text(TextKind kind, std::string text, const Place& place, int depth) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  check_nesting(text, place, depth);
  switch (kind) {
    case TextKind::meta_graph:
      return converted<pb::MetaGraphDef>(text, place, depth, true);
    case TextKind::saved_model:
      return converted<pb::SavedModel>(text, place, depth, true);
    default:
      return converted<pb::GraphDef>(text, place, depth, false);
  }
}

std::string checkpoint_state(const std::string& text, const Place& place) {
  check_nesting(text, place, nesting);
  const Quiet quiet;
  google::protobuf::TextFormat::Parser parser;
  Errors errors;
  parser.RecordErrorsTo(&errors);
  parser.AllowUnknownField(true);
  pb::CheckpointState state;
  if (!parser.ParseFromString(text, &state)) throw Error(Status::format, errors.first, place);
  return state.model_checkpoint_path();
}

}  // namespace keraft::formats::wire
