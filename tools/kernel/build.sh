#!/usr/bin/env bash
# Prepares Debian's kernel for a virtual machine under qemu, for the tests of kinds that the running kernel lacks. Prints the folder
# that contains the kernel (vmlinux), the initial file system (initrd.gz) and the modules. Builds it once for each version.
set -euo pipefail

readonly HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# The modules that reach the machine's files and the channel to the tests. All others are loaded by the guest's kernel itself.
readonly AT_BOOT=(virtio_pci virtio_console 9pnet_virtio 9p overlay virtio_rng)

main() {
  local package release folder
  package=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: //p' | head -n 1)
  release=${package#linux-image-}
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-netns/kernel-$release-$(cat "$HERE"/{build.sh,init} | sha256sum | cut -c1-8)
  if [[ ! -f $folder/initrd.gz ]]; then
    unfinished=$folder.$$
    trap 'rm -rf "$unfinished"' EXIT
    rm -rf "$unfinished" && mkdir -p "$unfinished"
    build "$package" "$release" "$unfinished" >&2
    rm -rf "$folder" && mv "$unfinished" "$folder"
  fi
  printf '%s\n' "$folder"
}

build() {
  local package=$1 release=$2 folder=$3
  extract "$package" "$folder"
  # The machine's own busybox may need libraries, which the initial file system does not have.
  extract busybox-static "$folder"
  uncompress "$folder/boot/vmlinuz-$release" "$folder/vmlinux"
  depmod -b "$folder" "$release"
  initial_files "$folder" "$release"
  rm -rf "$folder"/{bin,boot,usr}
}

extract() {
  (cd "$2" && apt-get download -qq "$1" 2>/dev/null && dpkg-deb -x "$1"_*.deb . && rm "$1"_*.deb)
}

# qemu starts an uncompressed kernel by PVH, which saves the emulated decompression.
uncompress() {
  local offset
  for offset in $(LC_ALL=C grep -obUaP '\xfd7zXZ\x00' "$1" | cut -d: -f1); do
    # xz reports the bytes after the payload as an error.
    tail -c "+$((offset + 1))" "$1" | xz -dc >"$2" 2>/dev/null || true
    if [[ $(head -c 4 "$2" | tail -c 3) == ELF ]]; then return; fi
  done
  printf 'no xz payload in %s\n' "$1"
  return 1
}

initial_files() {
  local folder=$1 release=$2 root=$1/initrd
  mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,upper,root}
  cp "$folder/bin/busybox" "$root/bin/busybox"
  cp "$HERE/init" "$root/init" && chmod 755 "$root/init"
  local module path
  for module in "${AT_BOOT[@]}"; do
    modprobe -d "$folder" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | awk '!seen[$0]++' | while read -r path; do
    cp "$path" "$root/modules/"
    basename "$path" >>"$root/modules/order"
  done
  (cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$folder/initrd.gz"
  rm -rf "$root"
}

main
