#include "formats/meta_graph/meta_graph.h"

#include <utility>

#include "base/string.h"

namespace keraft::formats {
namespace {

constexpr uint64_t most_record = 1 << 30;

/// Names of assets are names of files beneath the model's folder, and nothing else. None is opened here.
void check_asset(wire::Scan asset) {
  while (asset.next()) {
    if (asset.field() != 2) continue;
    const std::string name = asset.text();
    bool inside =
        !name.empty() && name[0] != '/' && name.find('\0') == std::string::npos && name.find('\\') == std::string::npos;
    for (const std::string& part : base::split(name, '/')) inside = inside && part != "..";
    if (!inside) asset.fail("the asset '" + base::escaped(name) + "' does not lie in the model's folder");
  }
}

/// Only runs the initialisation or one step of training; its output is no tensor.
bool is_pseudo(const std::string& key) noexcept { return key == "__saved_model_init_op" || key == "__saved_model_train_op"; }

}  // namespace

MetaGraph read_meta_graph(GraphReader& reader, wire::Scan scan, base::Budget& budget) {
  MetaGraph out;
  bool info = false, graph = false;
  // libprotobuf holds the whole record while it is turned into our form: counted for that long.
  const auto record = [&](const auto& parse) {
    scan.want(wire::Wire::bytes);
    const Place place{reader.source().path(), scan.offset(), {}};
    if (scan.size() > most_record) throw Error(Status::memory, "a record of " + std::to_string(scan.size()) + " bytes", place);
    budget.bytes(scan.size() * 4);
    auto result = parse(scan.text(), place);
    budget.release(scan.size() * 3);
    return result;
  };
  while (scan.next()) {
    switch (scan.field()) {
      case 1:
        if (std::exchange(info, true)) scan.fail("a meta graph with two headers");
        out.info = record(wire::parse_meta_info);
        break;
      case 2:
        if (std::exchange(graph, true)) scan.fail("a meta graph with two graphs");
        out.graph = reader.graph(scan.message());
        break;
      case 3:
        out.saver = record(wire::parse_saver);
        break;
      case 4: {
        auto [name, collection] = record(wire::parse_collection);
        out.collections.insert_or_assign(std::move(name), std::move(collection));
        break;
      }
      case 5: {
        auto [key, signature] = record(wire::parse_signature);
        if (!is_pseudo(key) && !out.signatures.emplace(key, std::move(signature)).second) {
          scan.fail("two signatures have the key '" + base::escaped(key) + "'");
        }
        break;
      }
      case 6:
        check_asset(scan.message());
        break;
      case 7:
        if (out.objects) scan.fail("a meta graph with two object graphs");
        out.objects = record(wire::parse_saved_objects);
        break;
      default:
        break;
    }
  }
  if (!graph) throw Error(Status::format, "no graph in the file", {reader.source().path(), {}, {}});
  return out;
}

}  // namespace keraft::formats
