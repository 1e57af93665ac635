#!/usr/bin/env bash
# What `cmake --install` gives can be found and used by another project. usage: install.sh BUILD_FOLDER
set -euo pipefail
build="$1"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cat >"$work/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C CXX)
find_package(keraft 0.1 REQUIRED)
add_executable(user user.c)
target_link_libraries(user PRIVATE keraft::keraft)
END
cat >"$work/user.c" <<'END'
#include <keraft.h>
int main(void) { return keraft_version_number() == 1000 ? 0 : 1; }
END
cmake -S "$work" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/build/user"
"$work/prefix/bin/keraft" --version
