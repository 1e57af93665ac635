#!/usr/bin/env bash
# Installs the Debian packages that are missing; silent where all are in place.
# usage: packages.sh build | tests
set -euo pipefail
packages=(cmake ninja-build g++ pkg-config libprotobuf-dev protobuf-compiler libhdf5-dev libeigen3-dev libfmt-dev nlohmann-json3-dev
  libcli11-dev zlib1g-dev ccache)
[[ "${1:-build}" == tests ]] && packages+=(catch2 python3 python3-venv clang-14 libclang-rt-14-dev clang-format-14 lld-14)

missing=()
for package in "${packages[@]}"; do
  [[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" == "install ok installed" ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0
echo "installing with apt: ${missing[*]}"
root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || { echo "these packages need root: run as root, or install sudo" >&2; exit 1; }
  root=(sudo)
fi
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
install() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; }
install || { "${root[@]}" apt-get update >"$log" 2>&1 && install; } || { cat "$log" >&2; exit 1; }
