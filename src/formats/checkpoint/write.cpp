#include "formats/checkpoint/write.h"

#include <algorithm>

#include "base/append.h"
#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/table_writer.h"
#include "formats/wire/print_meta.h"
#include "keraft/error.hpp"

namespace keraft::formats {

void write_checkpoint(std::vector<Saved> tensors, const std::string& prefix, const Control& control) {
  std::sort(tensors.begin(), tensors.end(), [](const Saved& a, const Saved& b) { return a.key < b.key; });
  base::AtomicFile data(prefix + ".data-00000-of-00001"), index(prefix + ".index");
  TableWriter table(index);
  table.add({}, wire::print_bundle_header());
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto& [key, value] = tensors[i];
    if (i > 0 && tensors[i - 1].key == key)
      throw Error(Status::internal, "two tensors of one name for a checkpoint", {prefix, {}, key});
    if (!value.storage && value.elements() > 0)
      throw Error(Status::unsupported, "a tensor of strings cannot be written to a checkpoint", {prefix, {}, key});
    wire::BundleEntry entry{value.dtype, value.dims, 0, static_cast<int64_t>(data.size()), static_cast<int64_t>(value.bytes()),
                            0,           {}};
    uint32_t crc = 0;
    if (value.storage) base::append(data, value, control, [&](std::span<const std::byte> part) { crc = crc32c(part, crc); });
    entry.crc = masked_crc(crc);
    table.add(key, wire::print_bundle_entry(entry));
  }
  table.finish();
  data.commit();
  index.commit();
}

}  // namespace keraft::formats
