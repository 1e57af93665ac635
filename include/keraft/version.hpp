#pragma once

#define KERAFT_VERSION "0.1.0"
