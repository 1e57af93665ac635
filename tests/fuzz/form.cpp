// The text of the cards' forms.
#include "ir/form.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    const keraft::ir::Form form = keraft::ir::parse_form(fuzz::text_of(data, size));
    for (const std::string& name : form.inputs()) form.maker(name);
  });
}
