#!/usr/bin/env bash
# Sets up a fresh clone so that every other command works. Safe to run again: each step checks whether it is needed.
# --tests also installs the tools that only the tests need. It is plain bash, because the machine's own Node may have any version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PULUMI_VERSION=3.259.0
readonly PULUMI_YAML_VERSION=1.38.0
readonly NODE_MINIMUM=22.13.0
readonly TOOLS=$PWD/.tools

main() {
  npm_packages
  node_runtime
  system_packages
  if [[ ${1:-} == --tests ]]; then
    test_packages
    test_kernel
  fi
  pulumi_cli
  if [[ ${1:-} == --tests ]]; then python_sdk; fi
  build_package
}

npm_packages() {
  local lock
  lock=$(sha256sum package-lock.json package.json examples/*/package.json tools/package.json | sha256sum | cut -c1-16)
  if [[ -f node_modules/.setup-$lock ]]; then
    found "npm packages"
    return
  fi
  doing "npm packages: installing what package-lock.json pins"
  npm ci --loglevel=error
  touch "node_modules/.setup-$lock"
}

# npm itself may run on an older Node; its child processes find this one first on their PATH.
node_runtime() {
  export PATH=$PWD/node_modules/.bin:$PATH
  local version
  version=$(node --version)
  at_least "${version#v}" "$NODE_MINIMUM" ||
    fail "Node $NODE_MINIMUM or later is needed and $(command -v node) is $version." \
      "On x86-64 and arm64 npm installs one; elsewhere install it yourself and put it first on PATH."
  found "Node ${version#v}, $(command -v node)"
}

system_packages() {
  local missing=()
  has ip || missing+=(iproute2)
  has nft || missing+=(nftables)
  has ping || missing+=(iputils-ping)
  has sysctl || missing+=(procps)
  has curl || missing+=(curl)
  install_missing "ip, nft, ping, sysctl, curl"
}

# Programs that the examples run in their namespaces, conntrack, tcpdump, the shells whose completion is tested or that are login shells
# of a lab host, what a lab host has, and a browser to render the pictures.
test_packages() {
  local missing=()
  has dnsmasq || missing+=(dnsmasq-base)
  has conntrack || missing+=(conntrack)
  has tcpdump || missing+=(tcpdump)
  has chromium || missing+=(chromium)
  has zsh || missing+=(zsh)
  has fish || missing+=(fish)
  has tcsh || missing+=(tcsh)
  has sudo || missing+=(sudo)
  [[ -x /usr/lib/frr/ospfd ]] || missing+=(frr)
  has udhcpc || missing+=(udhcpc)
  has wg || missing+=(wireguard-tools)
  has ssh || missing+=(openssh-client)
  [[ -x /usr/sbin/sshd ]] || missing+=(openssh-server)
  install_missing "dnsmasq, conntrack, tcpdump, chromium, zsh, fish, tcsh, sudo, frr, udhcpc, wg, ssh, sshd"
}

# A kernel for a virtual machine, where the running kernel lacks kinds of links that the tests need. Links its folder to .tools/kernel.
test_kernel() {
  local lacks missing=()
  lacks=$(node test/support/vm/features.ts)
  if [[ -z $lacks ]]; then
    found "kernel $(uname -r), all kinds of links"
    return
  fi
  if [[ $(uname -m) != x86_64 ]] || ! apt-get indextargets --format '$(ORIGIN)' 2>/dev/null | grep -qx Debian; then
    found "kernel $(uname -r) lacks $lacks: the tests of these are skipped"
    return
  fi
  has gcc || missing+=(gcc libc6-dev)
  has make || missing+=(make)
  has flex || missing+=(flex)
  has bison || missing+=(bison)
  has bc || missing+=(bc)
  has xz || missing+=(xz-utils)
  install_missing "gcc, make, flex, bison, bc, xz"
  doing "kernel $(uname -r) lacks $lacks: preparing a kernel for a virtual machine (the first time, this takes 10 minutes)"
  mkdir -p "$TOOLS"
  local folder
  if folder=$(bash tools/kernel/build.sh 2>"$TOOLS/kernel.log"); then
    ln -sfn "$folder" "$TOOLS/kernel"
  else
    tail -n 5 "$TOOLS/kernel.log" >&2
    found "the kernel could not be built ($TOOLS/kernel.log): the tests of these are skipped"
  fi
}

# Installs the packages in the caller's `missing`.
install_missing() {
  if ((${#missing[@]} == 0)); then
    found "$1"
    return
  fi
  has apt-get || fail "these Debian packages, or what your system calls them, are missing: ${missing[*]}" \
    "Install them with the system's package manager and run 'npm run setup' again."
  local as_root=()
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || fail "these packages are missing: ${missing[*]}" \
      "Run 'sudo apt-get install ${missing[*]}' and then 'npm run setup' again."
    as_root=(sudo -n)
  fi
  doing "system packages: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  # RUNLEVEL=1 means single-user mode, so that installing a package does not start its daemon on the machine.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Links .tools/pulumi to the folder that contains the CLI and its language hosts for Node and YAML.
pulumi_cli() {
  local own=$TOOLS/pulumi-$PULUMI_VERSION/bin
  mkdir -p "$TOOLS"
  if [[ -x $own/pulumi-language-nodejs ]]; then
    use_pulumi "$own"
    found "Pulumi $PULUMI_VERSION, $own"
  elif on_path=$(pulumi_on_path); then
    use_pulumi "$on_path"
    found "Pulumi on PATH, $on_path"
  elif doing "Pulumi $PULUMI_VERSION: trying Pulumi's installer" && pulumi_from_installer "$own"; then
    use_pulumi "$own"
  else
    doing "Pulumi $PULUMI_VERSION: the installer is out of reach; building from the Go module proxy (about 4 minutes, once)"
    pulumi_from_source "$own"
    use_pulumi "$own"
  fi
  # Pulumi's installer installs all language hosts with the CLI.
  if [[ $TOOLS/pulumi -ef $own && ! -x $own/pulumi-language-go ]]; then yaml_host "$own"; fi
}

# A relative link to a folder of the clone, so that the clone can be moved.
use_pulumi() { ln -sfn "${1#"$TOOLS/"}" "$TOOLS/pulumi"; }

pulumi_on_path() {
  local cli version
  # This repository's own node_modules/.bin/pulumi is not an installation.
  cli=$(type -ap pulumi | grep -v "^$PWD/node_modules/" | head -n 1) && [[ -n $cli ]] || return 1
  cli=$(readlink -f "$cli")
  version=$("$cli" version 2>/dev/null) || return 1
  at_least "${version#v}" "$PULUMI_VERSION" && [[ -x $(dirname "$cli")/pulumi-language-nodejs ]] || return 1
  dirname "$cli"
}

pulumi_from_installer() {
  local script
  script=$(curl -fsSL --connect-timeout 10 --max-time 60 https://get.pulumi.com 2>/dev/null) || return 1
  sh -s -- --version "$PULUMI_VERSION" --install-root "$(dirname "$1")" --no-edit-path <<<"$script"
}

pulumi_from_source() {
  need_go
  local unfinished=$TOOLS/pulumi-building
  rm -rf "$unfinished" && mkdir -p "$unfinished"
  (cd tools/pulumi/cli && go build -o "$unfinished/pulumi" \
    -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$PULUMI_VERSION" \
    github.com/pulumi/pulumi/pkg/v3/cmd/pulumi)
  doing "Pulumi $PULUMI_VERSION: building its Node language host"
  (cd tools/pulumi/nodejs && go build -o "$unfinished/" -ldflags "-s -w" \
    github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs &&
    install -m 755 "$(go list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)/nodejs/dist/pulumi-resource-pulumi-nodejs" "$unfinished/")
  mkdir -p "$(dirname "$1")" && rm -rf "$1" && mv "$unfinished" "$1"
}

# Builds the YAML host from the module of the CLI, whose packages it shares.
yaml_host() {
  local built=$TOOLS/pulumi-language-yaml-$PULUMI_YAML_VERSION
  if [[ $1/pulumi-language-yaml -ef $built ]]; then
    found "Pulumi's YAML host"
    return
  fi
  if [[ ! -x $built ]]; then
    need_go
    doing "Pulumi's YAML host $PULUMI_YAML_VERSION: building from the Go module proxy"
    (cd tools/pulumi/cli && go build -o "$built.unfinished" -ldflags "-s -w" \
      github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml)
    mv "$built.unfinished" "$built"
  fi
  # The CLI warns of a host that is a symbolic link.
  ln -f "$built" "$1/pulumi-language-yaml"
}

# Pulumi's SDK for Python, in .tools/python, and the Python host beside the CLI. Without them the tests of Python programs are skipped.
python_sdk() {
  local own=$TOOLS/python-$PULUMI_VERSION why
  if [[ ! -e $own/.complete ]]; then
    if ! python3 -c "import ensurepip, venv" 2>/dev/null; then
      found "no Python with pip and venv: the tests of Python programs are skipped"
      return
    fi
    doing "Pulumi's SDK for Python: installing pulumi $PULUMI_VERSION with pip"
    # pip builds a generated SDK with setuptools, and the SDK imports parver.
    if ! why=$(python3 -m venv --clear "$own" &&
      "$own/bin/python" -m pip install --quiet --disable-pip-version-check "pulumi==$PULUMI_VERSION" parver 'setuptools>=61' wheel 2>&1); then
      found "pip cannot install Pulumi's SDK for Python (${why##*$'\n'}): the tests of Python programs are skipped"
      return
    fi
    touch "$own/.complete"
  fi
  if [[ $TOOLS/pulumi -ef $TOOLS/pulumi-$PULUMI_VERSION/bin ]]; then python_host "$TOOLS/pulumi"; fi
  ln -sfn "${own##*/}" "$TOOLS/python"
  found "Pulumi's SDK for Python, $own"
}

# The host that runs programs is in the module of the Node host, and the one that also generates SDKs in that of the CLI.
python_host() {
  if [[ -x $1/pulumi-language-python && ! $1/pulumi-language-python -ot tools/pulumi/cli/pulumi-language-python/main.go ]]; then return; fi
  need_go
  doing "Pulumi's Python host: building from the Go module proxy"
  mkdir -p "$1/programs"
  (cd tools/pulumi/nodejs && go build -o "$1/programs/" -ldflags "-s -w" \
    github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python &&
    install -m 755 "$(go list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)/python/cmd/pulumi-language-python-exec" "$1/programs/")
  (cd tools/pulumi/cli && go build -o "$1/" -ldflags "-s -w" ./pulumi-language-python)
}

need_go() {
  has go || fail "Pulumi's installer cannot be reached and there is no Go to build the CLI with." \
    "Install Go 1.25 or later, or put a Pulumi CLI of version $PULUMI_VERSION or later on PATH, and run 'npm run setup' again."
}

build_package() {
  doing "pulumi-netns: compiling to dist/"
  npm run --silent build
  # npm links the command only if dist/ exists when it installs the package.
  [[ -e node_modules/.bin/pulumi-netns ]] || ln -s ../pulumi-netns-tools/pulumi-netns.sh node_modules/.bin/pulumi-netns
}

has() { command -v "$1" >/dev/null; }
at_least() { [[ $(printf '%s\n' "$2" "${1%%-*}" | sort -V | head -n 1) == "$2" ]]; }
found() { printf '  ok   %s\n' "$1"; }
doing() { printf '  ..   %s\n' "$1"; }
fail() {
  printf '  !!   %s\n       %s\n' "$1" "$2" >&2
  exit 1
}

main "$@"
