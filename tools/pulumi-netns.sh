#!/bin/sh
# The command of this repository's own package, which npm does not link for the package itself.
set -eu
repository=$(dirname "$(dirname "$(readlink -f "$0")")")
PATH="$repository/node_modules/.bin:$PATH" exec node "$repository/dist/cli/main.js" "$@"
