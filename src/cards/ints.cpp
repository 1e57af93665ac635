#include "cards/ints.h"

#include <limits>

#include "cards/numeric.h"

namespace keraft::cards {

void write_ints(const KernelContext& k, size_t port, const std::vector<int64_t>& values) {
  Array& out = k.result(port);
  dispatch(k, out.dtype, Types<int32_t, int64_t>{}, [&](auto type) {
    using T = decltype(type);
    T* to = out.as<T>();
    for (const int64_t value : values) {
      if (value > std::numeric_limits<T>::max()) k.fail("a size does not fit into " + std::string(name_of(out.dtype)));
      *to++ = static_cast<T>(value);
    }
  });
}

}  // namespace keraft::cards
