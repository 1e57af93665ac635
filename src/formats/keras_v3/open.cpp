#include "formats/keras_v3/open.h"

#include "base/file.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr uint64_t text_limit = uint64_t{256} << 20;

std::string producer(const wire::ZipReader& zip, base::Budget& budget, const std::string& path) {
  const wire::ZipEntry* entry = zip.find("metadata.json");
  if (!entry) return {};
  const Value value = wire::parse_json(zip.text(*entry, 1u << 20), budget, {path, {}, "metadata.json"});
  const Dict* dict = value.get<Dict>();
  if (!dict || !dict->contains("keras_version")) return {};
  const std::string* version = dict->at("keras_version").get<std::string>();
  return version ? "Keras " + *version : std::string();
}

std::shared_ptr<const Storage> weights(const wire::ZipReader& zip, const std::string& path, Checksums checksums) {
  if (!zip.find("config.json"))
    throw Error(Status::format, "not a Keras file: config.json is missing in the archive", {path, {}, {}});
  const wire::ZipEntry* entry = zip.find("model.weights.h5");
  if (!entry) {
    const bool other = zip.find("model.weights.npz") || zip.find("model.weights.json");
    throw Error(other ? Status::unsupported : Status::format,
                other ? "weights as .npz or in several files; save them as model.weights.h5"
                      : "model.weights.h5 is missing in the archive",
                {path, {}, {}});
  }
  const auto stored = zip.open(*entry);
  if (checksums == Checksums::verified || entry->deflated) zip.check(*entry, *stored);
  return stored;
}

}  // namespace

OpenArchive::OpenArchive(const std::string& from, base::Budget& limits, Checksums checksums)
    : path(from),
      budget(limits),
      zip(base::File::open(from), limits),
      producer(formats::producer(zip, limits, from)),
      tree(weights(zip, from, checksums), from + ":model.weights.h5", limits) {}

Value OpenArchive::config() const {
  return wire::parse_json(zip.text(*zip.find("config.json"), text_limit), budget, {path, {}, "config.json"});
}

}  // namespace keraft::formats
