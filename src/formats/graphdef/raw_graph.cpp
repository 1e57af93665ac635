#include "formats/graphdef/raw_graph.h"

#include <algorithm>
#include <utility>

#include "base/storage.h"
#include "base/string.h"
#include "formats/graphdef/tensor.h"

namespace keraft::formats {
namespace {

// More than any real node has; TensorFlow itself stops far below.
constexpr size_t most_attrs = 4096;
constexpr uint64_t most_small = 64 << 20;
constexpr size_t most_inputs = 1 << 17;
/// Functions in attributes of functions.
constexpr int most_nested = 16;
/// The version of TensorFlow whose graphs are known, 2.21.
constexpr int newest_consumer = 2474;

bool alnum(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_op_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return alnum(c) || c == '_' || c == '>' || c == '/' || c == '.' || c == '-';
  });
}

Place place_of(const wire::Scan& scan, std::string name = {}) { return {scan.source().path(), scan.offset(), std::move(name)}; }

void check_nesting(wire::Scan value, int level);

void check_function(wire::Scan function, int level) {
  while (function.next()) {
    if (function.field() != 2) continue;
    wire::Scan entry = function.message();
    while (entry.next()) {
      if (entry.field() == 2) check_nesting(entry.message(), level + 1);
    }
  }
}

/// A function in an attribute has attributes: how deep they go is counted before a parser recurses into them.
void check_nesting(wire::Scan value, int level) {
  if (level > most_nested) {
    throw Error(Status::memory, "functions in attributes, nested deeper than " + std::to_string(most_nested) + " levels",
                place_of(value));
  }
  while (value.next()) {
    if (value.field() == 10) check_function(value.message(), level);
    if (value.field() != 1) continue;
    wire::Scan list = value.message();
    while (list.next()) {
      if (list.field() == 9) check_function(list.message(), level);
    }
  }
}

void check_versions(const wire::Versions& versions, const Place& place) {
  const auto& bad = versions.bad_consumers;
  if (versions.producer < 0 || versions.min_consumer < 0) throw Error(Status::format, "the graph's version is negative", place);
  if (versions.min_consumer <= newest_consumer && std::find(bad.begin(), bad.end(), newest_consumer) == bad.end()) return;
  throw Error(Status::unsupported,
              "the graph is for newer readers only (its min_consumer is " + std::to_string(versions.min_consumer) +
                  "); freeze it with an older TensorFlow",
              place);
}

}  // namespace

bool is_node_name(std::string_view name) noexcept {
  if (name.empty() || !(alnum(name[0]) || name[0] == '.' || name[0] == '_')) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return alnum(c) || c == '_' || c == '.' || c == '/' || c == '\\' || c == '-' || c == '>'; });
}

std::string GraphReader::limited_text(const wire::Scan& scan) {
  scan.want(wire::Wire::bytes);
  budget_.bytes(scan.size());
  return scan.text();
}

wire::AttrReader GraphReader::attr_reader() {
  wire::AttrReader out;
  out.tensor = [this](const std::string& bytes) {
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    wire::Source inner(base::memory(std::vector<std::byte>(data, data + bytes.size())), source_->path());
    return read_tensor(wire::Scan(inner), budget_);
  };
  out.symbol = [this] { return "U" + std::to_string(++symbols_); };
  return out;
}

RawGraph GraphReader::graph(wire::Scan scan) {
  RawGraph out;
  bool versions = false;
  while (scan.next()) {
    switch (scan.field()) {
      case 1:
        budget_.nodes(1);
        out.nodes.push_back(node(scan.message(), false));
        out.nodes.back().offset = scan.offset();
        break;
      case 2:
        library(scan.message(), out);
        break;
      case 4:
        if (std::exchange(versions, true)) scan.fail("two version records: are two graphs concatenated?");
        if (scan.size() > most_small) scan.fail("a version record of that size");
        out.versions = wire::parse_versions(scan.text(), place_of(scan));
        check_versions(out.versions, place_of(scan));
        break;
      default:
        break;
    }
  }
  return out;
}

void GraphReader::library(wire::Scan scan, RawGraph& out) {
  while (scan.next()) {
    if (scan.field() != 1) continue;
    budget_.nodes(1);
    const FunctionRange range{scan.begin(), scan.begin() + scan.size()};
    std::string name;
    wire::Scan function = scan.message();
    while (function.next()) {
      if (function.field() != 1) continue;
      wire::Scan signature = function.message();
      while (signature.next()) {
        if (signature.field() == 1) name = limited_text(signature);
      }
    }
    if (name.empty()) scan.fail("a function without a name");
    if (!out.functions.emplace(name, range).second) scan.fail("two functions have the name '" + base::escaped(name) + "'");
  }
}

RawNode GraphReader::node(wire::Scan scan, bool inside_function) {
  RawNode out;
  while (scan.next()) {
    switch (scan.field()) {
      case 1:
        if (!out.name.empty()) scan.fail("a node with two names");
        out.name = limited_text(scan);
        break;
      case 2:
        if (!out.op.empty()) scan.fail("a node with two ops");
        out.op = limited_text(scan);
        break;
      case 3:
        budget_.edges(1);
        if (out.inputs.size() >= most_inputs)
          throw Error(Status::memory, "a node with more than " + std::to_string(most_inputs) + " inputs",
                      place_of(scan, out.name));
        out.inputs.push_back(limited_text(scan));
        if (out.inputs.back().empty()) scan.fail("a node with an input that has no name");
        break;
      case 5:
        if (out.attrs.size() >= most_attrs)
          throw Error(Status::memory, "a node with too many attributes", place_of(scan, out.name));
        attr(scan.message(), out);
        break;
      default:
        break;
    }
  }
  if (!is_node_name(out.name) || (!inside_function && out.name[0] == '_')) {
    scan.fail(out.name.empty() ? "a node without a name" : "'" + base::escaped(out.name) + "' is no name that a node can have");
  }
  if (!is_op_name(out.op)) scan.fail("node '" + base::escaped(out.name) + "' has no valid op name");
  return out;
}

void GraphReader::attr(wire::Scan scan, RawNode& node) {
  std::string key;
  std::optional<wire::Scan> value;
  while (scan.next()) {
    if (scan.field() == 1) key = limited_text(scan);
    if (scan.field() != 2) continue;
    if (value) scan.fail("attribute '" + base::escaped(key) + "' of '" + base::escaped(node.name) + "' has two values");
    value = scan;
  }
  // Hints for TensorFlow's own use without a meaning for the result; left unread.
  if (key.empty() || key[0] == '_') return;
  if (node.attrs.contains(key))
    scan.fail("attribute '" + base::escaped(key) + "' of '" + base::escaped(node.name) + "' is given twice");
  if (!value) {
    node.attrs.emplace(std::move(key), List{});
    return;
  }
  std::optional<wire::Scan> tensor;
  uint32_t kind = 0;
  wire::Scan inner = value->message();
  while (inner.next()) {
    if (inner.field() > 10) continue;
    if (kind != 0 && (kind != inner.field() || kind == 8 || kind == 7))
      inner.fail("attribute '" + base::escaped(key) + "' has two values");
    kind = inner.field();
    if (kind == 8) tensor = inner.message();
  }
  try {
    if (tensor) {
      node.attrs.emplace(std::move(key), read_tensor(*tensor, budget_));
      return;
    }
    if (value->size() > most_small) throw Error(Status::memory, "an attribute of " + std::to_string(value->size()) + " bytes");
    // A message in memory takes a multiple of its size in the file.
    check_nesting(value->message(), 0);
    budget_.bytes(value->size() * 4);
    node.attrs.emplace(key, wire::parse_attr(value->text(), attr_reader(), place_of(*value)));
    budget_.release(value->size() * 3);
  } catch (const Error& error) {
    throw error.at({source_->path(), value->offset(), node.name});
  }
}

RawFunction GraphReader::function(const FunctionRange& range) {
  RawFunction out;
  out.offset = range.begin;
  const auto pair = [&](const wire::Scan& field, std::map<std::string, std::string>& to) {
    std::string key, value;
    wire::Scan entry = field.message();
    while (entry.next()) {
      if (entry.field() == 1) key = limited_text(entry);
      if (entry.field() == 2) value = limited_text(entry);
    }
    if (!to.emplace(key, std::move(value)).second)
      field.fail("the function's output '" + base::escaped(key) + "' is given twice");
  };
  wire::Scan scan(*source_, range.begin, range.end);
  while (scan.next()) {
    switch (scan.field()) {
      case 1:
        if (scan.size() > most_small) scan.fail("a function signature of that size");
        budget_.bytes(scan.size());
        out.signature = wire::parse_op_def(scan.text(), place_of(scan));
        break;
      case 3:
        budget_.nodes(1);
        out.nodes.push_back(node(scan.message(), true));
        out.nodes.back().offset = scan.offset();
        break;
      case 4:
        pair(scan, out.ret);
        break;
      case 6:
        pair(scan, out.control_ret);
        break;
      default:
        break;
    }
  }
  return out;
}

}  // namespace keraft::formats
