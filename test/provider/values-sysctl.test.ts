import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

describeValue("the key of a sysctl", values.sysctlKey(), {
  allowed: `a key below net, the part of sysctl that each network namespace has for itself, e.g. "net.ipv4.ip_forward" or "net/ipv4/conf/eth0.1/forwarding"`,
  takes: [
    ["net.ipv4.ip_forward", "net.ipv4.ip_forward"],
    ["net/ipv4/ip_forward", "net.ipv4.ip_forward"],
    ["net/ipv4/conf/eth0.1/forwarding", "net.ipv4.conf.eth0/1.forwarding"],
    ["net.ipv4.conf.eth0/1.forwarding", "net.ipv4.conf.eth0/1.forwarding"],
    ["net.ipv4.conf.veth-red.rp_filter", "net.ipv4.conf.veth-red.rp_filter"],
  ],
  refuses: [
    "",
    "net",
    "net.",
    ".net.ipv4",
    "/net/ipv4",
    "net/ipv4/",
    "net..ipv4",
    "net//ipv4",
    "net.ipv4/.x",
    "net.ipv4./x",
    "kernel.hostname",
    "kernel/hostname",
    "netx.ipv4",
    "NET.ipv4",
    "net/../kernel/x",
    "net.ipv4/../../kernel/x",
    "net.ipv4.conf.a/../b",
    "net/./ipv4",
    "net/..",
    "../../etc/passwd",
    "/proc/sys/net/ipv4/ip_forward",
    "-w",
    "net.ipv4.ip_forward=1",
    "net.ipv4.ip_forward ",
    "net.ipv4.ip_forward\n",
    "net.a b",
    "net.*",
    "net.$(id)",
    "net.ü",
    1,
  ],
});

describeValue("the value of a sysctl", values.sysctlValue(), {
  allowed: `a value of one line, e.g. "1" or "32768 60999"`,
  takes: [
    ["1", "1"],
    [" 1 ", "1"],
    ["32768\t60999", "32768 60999"],
    ["32768   60999", "32768 60999"],
    ["-1", "-1"],
    ["$(id);'\"", "$(id);'\""],
    ["x".repeat(4095), "x".repeat(4095)],
  ],
  refuses: ["", " ", "\t", "1\n2", "1\r2", "1\0", "1\u001b[2J", "1\u0085", "x".repeat(4096), 1, 0, true],
});
