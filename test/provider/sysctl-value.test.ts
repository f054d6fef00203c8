import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeSysctl } from "../../provider/sysctl-value.ts";

const PORTS = "net.ipv4.ip_local_reserved_ports";

test.each([
  ["net.ipv4.ip_forward", "1", "1"],
  ["net.ipv4.ip_forward", "01", "1"],
  ["net.ipv4.ip_forward", "0x1", "1"],
  ["net.ipv4.ip_forward", "00", "0"],
  ["net.ipv4.ip_forward", "-0", "0"],
  ["net.ipv4.tcp_keepalive_time", "0X1F", "31"],
  ["net.ipv4.tcp_keepalive_time", "010", "8"],
  ["net.ipv4.conf.all.forwarding", "-0x10", "-16"],
  ["net.ipv4.ip_local_port_range", " 1024\t 65000 ", "1024 65000"],
  ["net.ipv4.tcp_rmem", "0x1000 010000 8192", "4096 4096 8192"],
  ["net.core.rmem_max", "18446744073709551615", "18446744073709551615"],
  ["net.core.rmem_max", "0xffffffffffffffff", "18446744073709551615"],
  // Values that the kernel refuses.
  ["net.ipv4.ip_forward", "08", "08"],
  ["net.ipv4.ip_forward", "0x", "0x"],
  ["net.ipv4.ip_forward", "+1", "+1"],
  ["net.ipv4.ip_forward", "1.0", "1.0"],
  ["net.ipv4.ip_forward", "1e3", "1e3"],
  // Values of several words.
  ["net.ipv4.tcp_congestion_control", "cubic", "cubic"],
  ["net.core.default_qdisc", "fq_codel", "fq_codel"],
  // Bit masks of processors.
  ["net.core.flow_limit_cpu_bitmap", "010", "010"],
  ["net.core.rps_default_mask", "08", "08"],
  ["net.ipv6.conf.lo.stable_secret", "fd00::1", "fd00:0000:0000:0000:0000:0000:0000:0001"],
  ["net.ipv6.conf.eth0/1.stable_secret", "FD00:0::1", "fd00:0000:0000:0000:0000:0000:0000:0001"],
  ["net.ipv6.conf.lo.stable_secret", "fd00::1%lo", "fd00::1%lo"],
  [
    "net.ipv4.tcp_fastopen_key",
    "1-2-3-4,A-b-c-d",
    "00000001-00000002-00000003-00000004,0000000a-0000000b-0000000c-0000000d",
  ],
  ["net.ipv4.tcp_fastopen_key", "1-2-3", "1-2-3"],
  [PORTS, "35357,8080,8081,8082", "8080-8082,35357"],
  [PORTS, "8080-8082,35357", "8080-8082,35357"],
  [PORTS, "8080,8081", "8080-8081"],
  [PORTS, "80-82,81-90,79", "79-90"],
  [PORTS, "5-5", "5"],
  [PORTS, "0x50,010", "8,80"],
  [PORTS, "1,", "1"],
  [PORTS, "0,65535", "0,65535"],
  [PORTS, "65536", "65536"],
  [PORTS, "5-3", "5-3"],
  [PORTS, "1,,2", "1,,2"],
  [PORTS, "1-2-3", "1-2-3"],
  [PORTS, "8080, 8081", "8080, 8081"],
  [PORTS, "-5", "-5"],
  [PORTS, "", ""],
])("%s: %j is %j", (key, value, normal) => {
  expect(normalizeSysctl(key, value)).toBe(normal);
  expect(normalizeSysctl(key, normal)).toBe(normal);
});

describe("a list of reserved ports", () => {
  const port = fc.integer({ min: 0, max: 60 });
  const range = fc
    .tuple(port, fc.integer({ min: 0, max: 5 }))
    .map(([from, more]): [number, number] => [from, from + more]);
  const list = fc.array(range, { minLength: 1, maxLength: 8 });
  const spell = (ranges: readonly (readonly [number, number])[]) =>
    ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(",");
  const portsOf = (text: string) =>
    text.split(",").flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });

  test("keeps its ports, each once and in order, in the smallest number of ranges", () => {
    fc.assert(
      fc.property(list, (ranges) => {
        const normal = normalizeSysctl(PORTS, spell(ranges));
        const all = [...new Set(ranges.flatMap(([from, to]) => portsOf(`${from}-${to}`)))].sort((a, b) => a - b);
        expect(portsOf(normal)).toEqual(all);
        const gaps = all.filter((one, index) => index > 0 && one !== (all[index - 1] ?? 0) + 1);
        expect(normal.split(",")).toHaveLength(gaps.length + 1);
      }),
    );
  });
});
