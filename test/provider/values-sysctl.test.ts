import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

const machineWide = (area: string, key: string) =>
  `keys below ${area} apply to the whole machine, not to a network. Set it on the lab host: sysctl -w ${key}=VALUE`;

describeValue("the key of a sysctl", values.sysctlKey(), {
  what: "a sysctl key below net",
  rules: `, where each network namespace has its own settings, e.g. "net.ipv4.ip_forward" or "net/ipv4/conf/eth0.1/forwarding"`,
  takes: [
    ["net.ipv4.ip_forward", "net.ipv4.ip_forward"],
    ["net/ipv4/ip_forward", "net.ipv4.ip_forward"],
    ["net/ipv4/conf/eth0.1/forwarding", "net.ipv4.conf.eth0/1.forwarding"],
    ["net.ipv4.conf.eth0/1.forwarding", "net.ipv4.conf.eth0/1.forwarding"],
    ["net.ipv4.conf.veth-red.rp_filter", "net.ipv4.conf.veth-red.rp_filter"],
    ["net.ipv4.conf.{interface}.rp_filter", "net.ipv4.conf.{interface}.rp_filter"],
    ["net/ipv4/conf/{interface}/rp_filter", "net.ipv4.conf.{interface}.rp_filter"],
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
    "netx.ipv4",
    "NET.ipv4",
    "net/../kernel/x",
    "net.ipv4/../../kernel/x",
    "net.ipv4.conf.a/../b",
    "net/./ipv4",
    "net/..",
    "../../etc/passwd",
    "-w",
    "net.ipv4.ip_forward ",
    "net.ipv4.ip_forward\n",
    "net.a b",
    "net.$(id)",
    "net.ü",
    1,
  ],
  explains: [
    ["vm.swappiness", machineWide("vm", "vm.swappiness")],
    ["kernel.hostname", machineWide("kernel", "kernel.hostname")],
    ["fs/file-max", machineWide("fs", "fs/file-max")],
    ["/proc/sys/net/ipv4/ip_forward", 'it is a file path; the key is "net.ipv4.ip_forward"'],
    ["/proc/sys/net/ipv4/conf/eth0.1/forwarding", 'it is a file path; the key is "net.ipv4.conf.eth0/1.forwarding"'],
    ["net.ipv4.route.flush", "it is write-only, so it has no value to restore"],
    ["net/ipv6/route/flush", "it is write-only, so it has no value to restore"],
    ["net.ipv4.ip_forward=1", "it includes a value; set the value in the argument value"],
    [
      "net.ipv4.conf.*.forwarding",
      'it matches several keys; declare a Sysctl for each, or use the key of "all" interfaces',
    ],
  ],
});

describeValue("the value of a sysctl", values.sysctlValue(), {
  what: "a one-line value",
  rules: `, e.g. 1 or "32768 60999"`,
  takes: [
    ["1", "1"],
    [" 1 ", "1"],
    ["32768\t60999", "32768 60999"],
    ["32768   60999", "32768 60999"],
    ["-1", "-1"],
    [1, "1"],
    [0, "0"],
    ["$(id);'\"", "$(id);'\""],
    ["x".repeat(4095), "x".repeat(4095)],
  ],
  refuses: ["", " ", "\t", "1\n2", "1\r2", "1\0", "1\u001b[2J", "1\u0085", "x".repeat(4096)],
  explains: [
    [true, "it is a boolean; use 1"],
    [false, "it is a boolean; use 0"],
  ],
});
