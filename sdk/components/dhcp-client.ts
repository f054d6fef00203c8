import type * as pulumi from "@pulumi/pulumi";
import type { Interface } from "../interface.ts";
import { Process } from "../process.ts";
import type { LabNode } from "./node.ts";

/**
 * Creates the process that gets an IPv4 address and a default route for an interface from a DHCP server. It repeats its request every few
 * seconds until a server answers, so the server may start later. It starts again when the networks of its LAN change, because its lease is
 * of the former one.
 */
export function startDhcpClient(
  name: string,
  node: LabNode,
  link: Interface,
  networks: readonly string[],
  parent: pulumi.Resource,
): Process {
  const args = {
    namespace: node.namespace,
    files: { [SCRIPT_NAME]: SCRIPT },
    command: [
      ...["udhcpc", "--foreground", "--interface", link.name, "--script", `./${SCRIPT_NAME}`],
      // At its end, the client releases the lease and removes the address.
      "--release",
      ...["--retries", "3", "--timeout", "1", "--tryagain", "1", "-x", `hostname:${hostName(node.name)}`],
    ],
    env: { LAN_NETWORKS: networks.join(" ") },
    settle: 100,
  };
  return new Process(name, args, { parent });
}

const SCRIPT_NAME = "lease.sh";

/**
 * udhcpc runs this script for each lease. The address has the lifetime of the lease, which distinguishes it from the addresses that the
 * program declares. A default route that the program declares has the metric 0, and so has priority over that of a lease. Without
 * `promote_secondaries`, the kernel deletes the other addresses of the network together with the first one.
 *
 * A client that starts again with the networks of its LAN may ask a server before the same `up` has changed the server's configuration. In its
 * first half minute it therefore gives back a lease of another network, and asks again.
 */
const SCRIPT = `#!/bin/sh
case $1 in
  bound | renew)
    ip address replace "$ip/$mask" dev "$interface" valid_lft "$lease" preferred_lft "$lease" || exit
    index=$(ip -oneline link show dev "$interface")
    metric=$((1000 + \${index%%:*}))
    if [ -n "$router" ]; then
      ip route replace default via "\${router%% *}" dev "$interface" proto dhcp metric "$metric"
    else
      ip -4 route flush dev "$interface" proto dhcp
    fi
    [ -n "$LAN_NETWORKS" ] || exit
    for network in $LAN_NETWORKS; do
      [ -z "$(ip -oneline -4 address show dev "$interface" dynamic to "$network")" ] || exit
    done
    read -r uptime _ </proc/uptime
    started=$(sed 's/.*) //' "/proc/$PPID/stat" | cut -d ' ' -f 20)
    [ $((\${uptime%.*} - started / 100)) -lt 30 ] || exit
    sleep 1
    kill -USR2 "$PPID"
    kill -USR1 "$PPID"
    ;;
  deconfig)
    ip -4 route flush dev "$interface" proto dhcp
    promote=/proc/sys/net/ipv4/conf/$interface/promote_secondaries
    before=$(cat "$promote")
    echo 1 >"$promote"
    ip -4 address flush dev "$interface" dynamic
    echo "$before" >"$promote"
    ;;
esac
`;

/** Returns the name that a host gives to the DHCP server, which may answer DNS queries for it. */
const hostName = (name: string): string => name.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 63);
