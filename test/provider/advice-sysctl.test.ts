import { expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import type { Command } from "../../provider/kernel/command.ts";

const write = (key: string, namespace?: string): Command => ({
  tool: "sysctl",
  namespace,
  args: ["--write", `${key}=1`],
  subject: key,
});

const missing = (key: string) => `sysctl: cannot stat /proc/sys/${key.replaceAll(".", "/")}: No such file or directory`;
const refused = (key: string, why: string) => `sysctl: setting key "${key}": ${why}`;

test.each<[string, string | undefined, string, RegExp]>([
  ["net.bridge.bridge-nf-call-iptables", undefined, "missing", /: modprobe br_netfilter on the lab host$/],
  ["net.mpls.platform_labels", "red", "missing", /: modprobe mpls_router on the lab host$/],
  ["net.netfilter.nf_conntrack_acct", "red", "missing", /: modprobe nf_conntrack on the lab host$/],
  [
    "net.ipv4.conf.eth0.forwarding",
    "red",
    "missing",
    /^the interface eth0 does not exist there\. .* set the Sysctl's interface argument to it$/,
  ],
  ["net.ipv4.conf.eth0/7.forwarding", "red", "missing", /^the interface eth0\.7 does not exist there\./],
  [
    "net.ipv6.neigh.eth0.gc_stale_time",
    "red",
    "missing",
    /eth0 does not exist there, or has no IPv6, for example because its MTU is below 1280\./,
  ],
  ["net.ipv4.conf.all.nosuch", undefined, "missing", /^the key does not exist: it is misspelled, .* is missing$/],
  [
    "net.core.nosuch",
    "red",
    "missing",
    /^the key does not exist: .* or it exists only on the lab host: then remove namespace$/,
  ],
  [
    "net.core.default_qdisc",
    undefined,
    "No such file or directory",
    /^the queueing discipline does not exist, .* modprobe sch_fq/,
  ],
  [
    "net.ipv4.tcp_congestion_control",
    "red",
    "No such file or directory",
    /^the algorithm is not available\. sysctl net\.ipv4\.tcp_available_congestion_control lists/,
  ],
  [
    "net.ipv4.tcp_congestion_control",
    "red",
    "Operation not permitted",
    /^an unprivileged user can choose only an algorithm that sysctl net\.ipv4\.tcp_allowed_congestion_control lists/,
  ],
  [
    "net.core.rmem_max",
    "red",
    "Invalid argument",
    /^net\.core\.rmem_max applies to the whole machine .* sysctl -w net\.core\.rmem_max=VALUE$/,
  ],
  [
    "net.netfilter.nf_conntrack_max",
    "red",
    "Invalid argument",
    /^net\.netfilter\.nf_conntrack_max applies to the whole machine and/,
  ],
  [
    "net.ipv4.tcp_syn_retries",
    "red",
    "Invalid argument",
    /^the value is out of the key's range, .* ls -l \/proc\/sys\/net\/ipv4\/tcp_syn_retries whether the key is writable$/,
  ],
  [
    "net.ipv4.conf.eth0/7.forwarding",
    undefined,
    "Invalid argument",
    / ls -l \/proc\/sys\/net\/ipv4\/conf\/eth0\.7\/forwarding /,
  ],
  ["net.ipv4.ip_forward", "red", "Read-only file system", /^\/proc\/sys is mounted read-only, .* --privileged$/],
  ["net.ipv4.ip_forward", "red", "Operation not permitted", /^network changes need CAP_NET_ADMIN\./],
])("the help for the sysctl %s in %s that could not be set: %s", (key, namespace, why, advice) => {
  const said = why === "missing" ? missing(key) : refused(key, why);
  expect(adviceFor(write(key, namespace), said)).toMatch(advice);
});
