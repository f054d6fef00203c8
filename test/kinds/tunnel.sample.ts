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
const any = { ...withoutMac, underlay: fc.constant("/"), dev: interfaceName, ttl: fc.integer({ min: 1, max: 255 }) };
const gre = { key: fc.integer({ min: 0, max: 4_294_967_295 }), csum: fc.boolean(), seq: fc.boolean() };
const OPTIONS = { dev: "eth0", ttl: 32, key: 7, csum: true, seq: true };

export default kindSample(tunnel, {
  args: fc.oneof(
    record({ ...any, mode: fc.constantFrom("ipip", "sit"), local: inet.host, remote: inet.host }, { requiredKeys }),
    record({ ...any, ...gre, mode: fc.constant("gre"), local: inet.host, remote: inet.host }, { requiredKeys }),
    record({ ...link, ...gre, mode: fc.constant("gretap"), local: inet.host, remote: inet.host }, { requiredKeys }),
    record({ ...any, mode: fc.constant("ip6tnl"), local: inet6.host, remote: inet6.host }, { requiredKeys }),
    record(
      { ...any, underlay: namespaceName, mode: fc.constant("sit"), local: inet.host, remote: inet.host },
      { requiredKeys: [...requiredKeys, "namespace"] },
    ),
  ),
  examples: [
    { ...EXAMPLE, ...OPTIONS, mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", underlay: "core" },
    { ...LINK, ...OPTIONS, mode: "ip6gretap", local: "fd00::1", remote: "fd00::2" },
  ],
  required: ["name", "mode", "local", "remote"],
  replaces: ["name", "namespace", "mode", "dev", "underlay", "key", "csum", "seq"],
  leftToKernel: LEFT_TO_KERNEL,
});
