// TensorProto, with all that its values are asked for.
#include "formats/graphdef/tensor.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    keraft::formats::wire::Source source(fuzz::storage_of(fuzz::text_of(data, size)), "tensor");
    keraft::base::Budget budget(fuzz::control());
    const keraft::Tensor tensor = keraft::formats::read_tensor(keraft::formats::wire::Scan(source), budget);
    if (tensor.elements() > 4096) return;
    if (tensor.storage) tensor.load();
    if (keraft::size_of(tensor.dtype) > 0 && tensor.storage) keraft::to_doubles(tensor);
  });
}
