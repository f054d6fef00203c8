import * as pulumi from "@pulumi/pulumi";
import { Host, Link, Router, WireGuard } from "pulumi-netns";

const config = new pulumi.Config();

// The internet knows the addresses of the two gateways, and neither of the two sites.
const internet = new Router("internet");

/** Creates a site: a host, and its gateway to the internet. */
function site(name: string, number: number) {
  const [host, gateway] = [new Host(`${name}-host`), new Router(name, { nat: true })];
  new Link(`${name}-lan`, {
    a: gateway,
    b: host,
    gateway: "a",
    networks: [`192.168.${number}.0/24`],
    interfaces: { a: "lan", b: "eth0" },
  });
  const line = new Link(`${name}-line`, {
    a: internet,
    b: gateway,
    gateway: "a",
    networks: [`203.0.113.${number * 4}/30`],
    interfaces: { a: name, b: "wan" },
  });
  const key = config.requireSecret(`${name}Key`);
  return { name, gateway, key, lan: `192.168.${number}.0/24`, inner: `10.255.0.${number}`, outer: line.addresses.b[0] };
}

const [north, south] = [site("north", 1), site("south", 2)];

const publicKey = ({ key }: typeof north) => WireGuard.publicKeyOf(key);
for (const [own, peer] of [
  [north, south],
  [south, north],
] as const) {
  new WireGuard(`${own.name}-wg`, {
    name: "wg0",
    namespace: own.gateway,
    privateKey: own.key,
    listenPort: 51_820,
    addresses: [`${own.inner}/24`],
    peers: [
      { publicKey: publicKey(peer), endpoint: `${peer.outer}:51820`, allowedIps: [`${peer.inner}/32`, peer.lan] },
    ],
    routes: true,
  });
}

export const publicKeys = { north: publicKey(north), south: publicKey(south) };
