#!/bin/sh
# Runs the command of this repository's own package, because npm does not link it within the package itself.
set -eu
repository=$(dirname "$(dirname "$(readlink -f "$0")")")
PATH="$repository/node_modules/.bin:$PATH" exec node "$repository/dist/cli/main.js" "$@"
