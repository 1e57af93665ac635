#include "formats/wire/hdf5_object.h"

#include <algorithm>
#include <set>

#include "base/checked.h"
#include "base/string.h"

namespace keraft::formats::wire {
namespace {

/// One object with its links and attributes.
struct ObjectReader {
  Hdf5Context& context;
  Hdf5Checked& out;
  uint64_t address;
  Hdf5Header header{};
  std::optional<Hdf5Table> where{};
  bool group = false;
  std::vector<Hdf5Link> links{};

  const Hdf5Message* only(Hdf5MessageType type) const {
    const Hdf5Message* found = nullptr;
    for (const Hdf5Message& message : header.messages) {
      if (message.type != type) continue;
      if (found) message.body.damaged("an object says one thing twice");
      found = &message;
    }
    return found;
  }

  void read() {
    header = read_header(context, address);
    const Hdf5Message *table = only(Hdf5MessageType::symbol_table), *info = only(Hdf5MessageType::link_info);
    const Hdf5Message *type = only(Hdf5MessageType::type), *layout = only(Hdf5MessageType::layout);
    if ((table != nullptr) + (info != nullptr) + (layout != nullptr) > 1) context.damaged(header.at, "an object of two kinds");
    attributes();
    if (table)
      symbol_table(*table);
    else if (info)
      link_messages(*info);
    else if (layout)
      dataset(*layout);
    else if (type)
      context.unsupported(header.at, "an element type as an object");
    else
      context.damaged(header.at, "an object that is neither a group nor a dataset");
    group = table || info;
    std::set<Hdf5MessageType> said;
    for (const Hdf5Message& message : header.messages) {
      other(message);
      const bool many = message.type == Hdf5MessageType::link || message.type == Hdf5MessageType::attribute;
      if (!many && !said.insert(message.type).second) message.body.damaged("an object says one thing twice");
    }
    unique();
  }

  void symbol_table(const Hdf5Message& message) {
    Hdf5Cursor body = message.body;
    where = {body.u64(), body.u64()};
    body.ends(header.padded);
    links = read_symbol_table(context, *where);
  }

  void link_messages(const Hdf5Message& info) {
    for (const Hdf5Message& message : header.messages) {
      if (message.type == Hdf5MessageType::link) links.push_back(read_link(message.body, header.padded));
    }
    const Hdf5Dense dense = read_dense(info.body, "links", 8, header.padded);
    if (dense.heap != hdf5_nowhere && !links.empty()) info.body.damaged("a group with links in two places");
    for (Hdf5Link& link : read_dense_links(context, dense)) links.push_back(std::move(link));
  }

  void attributes() {
    std::set<std::string, std::less<>> names;
    const auto add = [&](std::string name, uint64_t at) {
      if (!names.insert(std::move(name)).second) context.damaged(at, "two attributes have one name");
    };
    for (const Hdf5Message& message : header.messages) {
      if (message.type == Hdf5MessageType::attribute) add(check_attribute(message.body, header.padded), message.body.at());
    }
    if (const Hdf5Message* info = only(Hdf5MessageType::attribute_info)) {
      const Hdf5Dense dense = read_dense(info->body, "attributes", 2, header.padded);
      if (dense.heap != hdf5_nowhere && !names.empty()) info->body.damaged("an object with attributes in two places");
      for (std::string& name : check_dense_attributes(context, dense)) add(std::move(name), header.at);
    }
  }

  void dataset(const Hdf5Message& stored) {
    const Hdf5Message *typed = only(Hdf5MessageType::type), *sized = only(Hdf5MessageType::space);
    if (!typed || !sized) context.damaged(header.at, "a dataset without a type or a size");
    const Hdf5Type type = read_type(typed->body, header.padded);
    const Hdf5Space space = read_space(sized->body, header.padded);
    const Hdf5Layout layout = read_layout(stored.body, header.padded);
    const Hdf5Message* filtered = only(Hdf5MessageType::filters);
    Hdf5Dataset found;
    found.layout = layout.layout;
    found.dims = space.dims;
    found.element = type.size;
    if (filtered) found.filters = read_filters(filtered->body, header.padded);
    const auto bytes = base::mul<uint64_t>(space.elements, type.size);
    if (!bytes) throw Error(Status::memory, "a dataset's size overflows", {context.place, header.at, context.path()});
    if (layout.layout == Hdf5Dataset::Layout::chunked) {
      if (layout.element != type.size) stored.body.damaged("chunks have elements of another size than their dataset");
      found.chunk = layout.chunk;
      found.chunks = read_chunks(context, layout, space.dims, !found.filters.empty(), header.at);
    } else if (!found.filters.empty()) {
      filtered->body.damaged("filters of a dataset that is not in chunks");
    } else if (layout.layout == Hdf5Dataset::Layout::compact) {
      if (layout.size != *bytes) stored.body.damaged("a dataset's elements have another size than its type and sizes say");
      found.at = layout.inside;
    } else if (layout.address != hdf5_nowhere) {
      if (layout.size != *bytes) stored.body.damaged("a dataset's elements have another size than its type and sizes say");
      found.at = context.raw(layout.address, *bytes, "a dataset");
    }
    for (const Hdf5MessageType kind : {Hdf5MessageType::old_fill, Hdf5MessageType::fill}) {
      if (const Hdf5Message* fill = only(kind)) check_fill(fill->body, header.padded, kind == Hdf5MessageType::old_fill, type);
    }
    context.budget.bytes(sizeof(Hdf5Dataset) + 16 * found.dims.size());
    out.datasets.emplace(address, std::move(found));
  }

  void other(const Hdf5Message& message) const {
    Hdf5Cursor body = message.body;
    switch (message.type) {
      case Hdf5MessageType::attribute:
      case Hdf5MessageType::attribute_info:
      case Hdf5MessageType::references:
        return;
      case Hdf5MessageType::symbol_table:
      case Hdf5MessageType::link_info:
      case Hdf5MessageType::link:
        if (!group) body.damaged("links of an object that is no group");
        return;
      case Hdf5MessageType::group_info:
        return check_group_info(body, header.padded);
      case Hdf5MessageType::space:
      case Hdf5MessageType::type:
      case Hdf5MessageType::old_fill:
      case Hdf5MessageType::fill:
      case Hdf5MessageType::layout:
      case Hdf5MessageType::filters:
        if (group) body.damaged("a group with properties of a dataset");
        return;
      case Hdf5MessageType::time:
        body.version(1);
        body.skip(7);
        return body.ends(header.padded);
      case Hdf5MessageType::comment:
        body.terminated();
        return body.ends(header.padded);
      case Hdf5MessageType::external:
        body.unsafe("elements that lie in another file");
      default:
        body.unsupported("messages of type " + std::to_string(static_cast<int>(message.type)));
    }
  }

  void unique() const {
    std::vector<std::string_view> names;
    for (const Hdf5Link& link : links) names.push_back(link.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) context.damaged(header.at, "two links of a group are named \"" + base::escaped(*twice) + "\"");
  }
};

}  // namespace

Hdf5Object check_object(Hdf5Context& context, uint64_t address, Hdf5Checked& out) {
  ObjectReader reader{context, out, address};
  reader.read();
  return {reader.header.at, reader.header.references, reader.group, reader.where, std::move(reader.links)};
}

}  // namespace keraft::formats::wire
