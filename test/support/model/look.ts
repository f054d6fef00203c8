/** The beginning of the line with the queueing disciplines of a place. */
export const QDISCS = "qdiscs: ";

/** Observes the place in which it runs. */
export const LOOK_HERE = `
echo "@place $1"
printf 'netns list\\naddress show\\nroute show\\nrule show\\nneighbour show nud permanent\\nnexthop show\\n' | ip -json -details -batch -
printf 'route show\\nrule show\\n' | ip -json -details -6 -batch -
printf '${QDISCS}'
tc -json qdisc show
case " $2 " in *" $1 "*) nft --json list ruleset ;; esac
shift 2
grep -sH '' $*
:`;

/**
 * Observes all places of a lab host: the script for each of them, the name of the lab host or nothing for this machine, the places whose
 * rules are listed, and the paths of settings.
 */
export const LOOK = `
here=$1
lab=$2
shift 2
sh -c "$here" sh host "$@"
for file in /run/netns/*; do
  [ -e "$file" ] || continue
  # A file that is not a namespace is the remainder of one.
  nsenter --net="$file" sh -c "$here" sh "\${file##*/}" "$@" 2>/dev/null || echo "@place \${file##*/}"
done
for file in /etc/netns/*/*; do
  [ -e "$file" ] || continue
  name=\${file#/etc/netns/}
  printf '@file %s %s\\n' "\${name%/*}" "\${name#*/}"
  cat "$file"
done
# The processes of all lab hosts are in one list. A mark names the lab host, unless it is this machine.
for environment in $(grep -lsaE "PULUMI_NETNS_MARK=[^/]*/[^/:]*\${lab:+/$lab}:" /proc/[0-9]*/environ); do
  process=\${environment%/environ}
  [ "$process/ns/user" -ef /proc/self/ns/user ] || continue
  place=host
  for file in /run/netns/*; do [ "$process/ns/net" -ef "$file" ] && place=\${file##*/}; done
  echo "@process $place $(tr '\\0' ' ' <"$process/cmdline")"
done
:`;
