// Both headers twice, in a second translation unit of the example: nothing in them may be defined twice.
#include "keraft.h"
#include "keraft_raii.hpp"

std::string keraft_test_version();
std::string keraft_test_version() { return keraft_version() + keraft::raii::support(KERAFT_FORMAT_JSON).substr(0, 0); }
