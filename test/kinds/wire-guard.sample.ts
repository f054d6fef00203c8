import fc from "fast-check";
import { wireGuard } from "../../provider/kinds/wire-guard.ts";
import { inet, LEFT_TO_KERNEL, LINK, link, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const { mac: _mac, ...withoutMac } = link;
const { mac: _MAC, ...EXAMPLE } = LINK;
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const peer = record(
  {
    publicKey: key,
    presharedKey: key,
    allowedIps: fc.array(inet.network, { maxLength: 1 }),
    persistentKeepalive: fc.nat(65_535),
  },
  { requiredKeys: ["publicKey"] },
);

const KEY = Buffer.alloc(32, 72).toString("base64");
const PEER = {
  publicKey: Buffer.alloc(32, 2).toString("base64"),
  presharedKey: Buffer.alloc(32, 3).toString("base64"),
  allowedIps: ["10.0.0.2/32", "fd00::/64"],
  endpoint: "192.168.1.3:51820",
  persistentKeepalive: 25,
};

const site = {
  ...withoutMac,
  privateKey: key,
  listenPort: fc.integer({ min: 1, max: 65_535 }),
  fwmark: fc.nat(4_294_967_295),
  peers: fc.array(peer, { maxLength: 1 }),
  underlay: fc.constant("/"),
};

export default kindSample(wireGuard, {
  args: fc.oneof(
    record(site, { requiredKeys: ["name", "privateKey"] }),
    record(
      { ...site, up: fc.constant(true), routes: fc.boolean() },
      { requiredKeys: ["name", "privateKey", "underlay"] },
    ),
    record({ ...site, underlay: namespaceName }, { requiredKeys: ["name", "privateKey", "namespace"] }),
  ),
  examples: [
    { ...EXAMPLE, privateKey: KEY, listenPort: 51_820, fwmark: 7, peers: [PEER], routes: true, underlay: "core" },
  ],
  required: ["name"],
  replaces: ["name", "namespace", "underlay"],
  leftToKernel: [...LEFT_TO_KERNEL, "listenPort"],
});
