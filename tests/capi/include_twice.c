/* The header twice, and every initialiser, as C99. */
#include "keraft.h"

size_t keraft_test_struct_sizes(void);

size_t keraft_test_struct_sizes(void) {
  const keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
  const keraft_port port = KERAFT_PORT_INIT;
  const keraft_layer layer = KERAFT_LAYER_INIT;
  const keraft_unsupported unsupported = KERAFT_UNSUPPORTED_INIT;
  const keraft_comparison comparison = KERAFT_COMPARISON_INIT;
  const keraft_context_options context = KERAFT_CONTEXT_OPTIONS_INIT;
  const keraft_load_options load = KERAFT_LOAD_OPTIONS_INIT;
  const keraft_convert_options convert = KERAFT_CONVERT_OPTIONS_INIT;
  const keraft_write_options write = KERAFT_WRITE_OPTIONS_INIT;
  const keraft_verify_options verify = KERAFT_VERIFY_OPTIONS_INIT;
  const keraft_file_convert_options file = KERAFT_FILE_CONVERT_OPTIONS_INIT;
  return view.struct_size + port.struct_size + layer.struct_size + unsupported.struct_size + comparison.struct_size +
         context.struct_size + load.struct_size + convert.struct_size + write.struct_size + verify.struct_size +
         file.struct_size;
}
