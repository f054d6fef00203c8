#!/usr/bin/env bash
# Builds a Linux kernel that runs as a process of this machine (User Mode Linux), for the tests of kinds that the running kernel lacks. Prints
# the folder that contains it (linux). Builds it once for each version of this folder, from the newest source that Debian has for this
# release: Linux 6.12 ends each process with a signal on newer processors, whose registers it cannot save.
set -euo pipefail

readonly HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly SUITE=trixie-backports

main() {
  local cache key folder version
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-netns
  key=$(cat "$HERE"/{build.sh,config} | sha256sum | cut -c1-8)
  folder=$(compgen -G "$cache/kernel-*-$key" | head -n 1 || true)
  if [[ -z $folder ]]; then
    unfinished=$cache/kernel.$$
    trap 'rm -rf "$unfinished"' EXIT
    mkdir -p "$unfinished/result"
    # A command substitution would go on after a failed command.
    (build "$unfinished") >&2
    version=$(make -s -C "$unfinished/source" kernelversion)
    strip -o "$unfinished/result/linux" "$unfinished/built/linux"
    folder=$cache/kernel-$version-$key
    mv "$unfinished/result" "$folder"
  fi
  printf '%s\n' "$folder"
}

build() {
  cd "$1"
  download_source
  tar -xf usr/src/linux-source-*.tar.xz --strip-components=1 --one-top-level=source
  mkdir built
  KCONFIG_ALLCONFIG=$HERE/config make -s -C source ARCH=um "O=$1/built" allnoconfig
  make -s -C source ARCH=um "O=$1/built" -j"$(nproc)" linux
}

# Downloads the package with the source from the mirror of this machine, whose lists of packages stay as they are.
download_source() {
  local mirror package
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' | sed -n 's/^Debian Debian //p' | head -n 1)
  mkdir -p lists/partial
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$SUITE" >sources.list
  printf '%s\n' "Dir::Etc::SourceList \"$PWD/sources.list\";" 'Dir::Etc::SourceParts "/dev/null";' "Dir::State::Lists \"$PWD/lists\";" >apt.conf
  export APT_CONFIG=$PWD/apt.conf
  apt-get update -qq
  package=$(apt-cache depends linux-source | sed -n 's/.*Depends: //p' | head -n 1)
  apt-get download -qq "$package"
  dpkg-deb -x "$package"_*.deb . && rm "$package"_*.deb
}

main
