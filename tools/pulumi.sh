#!/bin/sh
# Runs the Pulumi CLI that tools/setup.sh found or built, as `npx pulumi`. If the user is logged in or sets a backend, that
# backend is used; otherwise the state is in the project's folder, without an account or a passphrase.
set -eu
repository=$(dirname "$(dirname "$(readlink -f "$0")")")
cli=$repository/.tools/pulumi
[ -x "$cli/pulumi" ] || { echo "pulumi: not set up yet; run 'npm run setup' in $repository" >&2; exit 1; }

logged_in() { grep -qs '"current": *"[^"]' "${PULUMI_HOME:-$HOME/.pulumi}/credentials.json"; }

project=$PWD
while [ ! -f "$project/Pulumi.yaml" ] && [ "$project" != / ]; do project=$(dirname "$project"); done

if [ -z "${PULUMI_BACKEND_URL:-}${PULUMI_ACCESS_TOKEN:-}" ] && [ "$project" != / ] && ! logged_in; then
  mkdir -p "$project/.pulumi-state"
  export PULUMI_BACKEND_URL="file://$project/.pulumi-state"
  # That state has a single user, and the next up completes a killed one: writing the state at the end is sufficient.
  export PULUMI_SKIP_CHECKPOINTS="${PULUMI_SKIP_CHECKPOINTS-true}"
  [ -n "${PULUMI_CONFIG_PASSPHRASE_FILE:-}" ] || export PULUMI_CONFIG_PASSPHRASE="${PULUMI_CONFIG_PASSPHRASE-}"
fi

# For the same reasons as in sandbox/fast-pulumi.ts.
export PULUMI_NODEJS_TRANSPILE_ONLY="${PULUMI_NODEJS_TRANSPILE_ONLY-true}"
cache="${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}"
[ -z "$cache" ] || export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE-$cache/pulumi-netns/modules}"
export NODE_OPTIONS="${NODE_OPTIONS---require \"$repository/bin/fast-pulumi.cjs\"}"
export PULUMI_SKIP_UPDATE_CHECK="${PULUMI_SKIP_UPDATE_CHECK:-true}"
# Pulumi starts `node` and its language host by name.
PATH="$repository/node_modules/.bin:$cli:$PATH" exec "$cli/pulumi" "$@"
