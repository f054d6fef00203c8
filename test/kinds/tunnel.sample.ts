import fc from "fast-check";
import { tunnel } from "../../provider/kinds/tunnel.ts";
import {
  inet,
  inet6,
  interfaceName,
  LEFT_TO_KERNEL,
  LINK,
  link,
  namespaceName,
  record,
} from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const { mac: _mac, ...withoutMac } = link;
const { mac: _MAC, ...EXAMPLE } = LINK;
const requiredKeys = ["name", "mode", "local", "remote"];
const any = {
  ...{ ...withoutMac, underlay: fc.constant("/"), dev: interfaceName },
  ttl: fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constant("inherit")),
  tos: fc.oneof(fc.integer({ min: 2, max: 255 }), fc.constantFrom(0, "inherit")),
};
const ofIpv6 = fc.integer({ min: 1280, max: 65_535 });
const over4 = { pmtudisc: fc.boolean() };
const over6 = { encaplimit: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constant("none")) };
const key = fc.integer({ min: 0, max: 4_294_967_295 });
const gre = { key, csum: fc.boolean(), seq: fc.boolean() };
const OPTIONS = { dev: "eth0", ttl: 32, tos: 16, csum: true, seq: true };

export default kindSample(tunnel, {
  args: fc.oneof(
    record(
      { ...any, ...over4, mtu: ofIpv6, mode: fc.constantFrom("ipip", "sit"), local: inet.host, remote: inet.host },
      { requiredKeys },
    ),
    record(
      { ...any, ...over4, ...gre, mode: fc.constant("gre"), local: inet.host, remote: inet.host },
      { requiredKeys },
    ),
    record(
      {
        ...any,
        mode: fc.constant("gre"),
        ikey: fc.constantFrom(7, 9),
        okey: fc.constant(8),
        local: inet.host,
        remote: inet.host,
      },
      { requiredKeys },
    ),
    record({ ...link, ...gre, mode: fc.constant("gretap"), local: inet.host, remote: inet.host }, { requiredKeys }),
    record({ ...any, ...over6, mode: fc.constant("ip6tnl"), local: inet6.host, remote: inet6.host }, { requiredKeys }),
    record(
      { ...any, mtu: ofIpv6, underlay: namespaceName, mode: fc.constant("sit"), local: inet.host, remote: inet.host },
      { requiredKeys: [...requiredKeys, "namespace"] },
    ),
  ),
  examples: [
    {
      ...EXAMPLE,
      ...OPTIONS,
      key: 7,
      pmtudisc: false,
      encaplimit: "none",
      mode: "gre",
      local: "10.0.0.1",
      remote: "10.0.0.2",
      underlay: "core",
    },
    {
      ...LINK,
      ...OPTIONS,
      ikey: 7,
      okey: 8,
      encaplimit: 4,
      pmtudisc: true,
      mode: "ip6gretap",
      local: "fd00::1",
      remote: "fd00::2",
    },
  ],
  required: ["name", "mode", "local", "remote"],
  replaces: ["name", "namespace", "mode", "dev", "underlay", "key", "ikey", "okey", "csum", "seq"],
  leftToKernel: LEFT_TO_KERNEL,
});
