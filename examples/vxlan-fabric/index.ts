import { Bridge, Link, Namespace, Route, Router, Veth, Vrf, Vxlan } from "pulumi-netns";

// The fabric: two leaves and a spine, which routes between the leaves' addresses. Its MTU leaves 1500 bytes for the tenants.
const FABRIC_MTU = 1550;
const spine = new Router("spine");
const leaves = [1, 2].map((number) => {
  const router = new Router(`leaf${number}`);
  const line = new Link(`line${number}`, {
    a: spine,
    b: router,
    gateway: "a",
    networks: [`10.0.${number}.0/31`],
    mtu: FABRIC_MTU,
    interfaces: { a: `leaf${number}`, b: "spine" },
  });
  return { number, router, address: line.addresses.b[0] };
});

const tenants = [
  { name: "red", number: 10 },
  { name: "blue", number: 20 },
];

for (const { name, number } of tenants) {
  for (const leaf of leaves) {
    const namespace = leaf.router;
    const vrf = new Vrf(`${name}-vrf${leaf.number}`, { name, namespace, table: number });
    // The tenant's LAN is one on all leaves. Both tenants use the same addresses.
    const lan = new Bridge(`${name}-lan${leaf.number}`, {
      name: `${name}-lan`,
      namespace,
      master: vrf,
      ...(leaf.number === 1 && { addresses: ["192.168.0.1/24"] }),
    });
    new Vxlan(`${name}-vx${leaf.number}`, {
      name: `${name}-vx`,
      namespace,
      vni: number,
      master: lan,
      local: leaf.address,
      mtu: 1500,
      flood: leaves.filter((other) => other !== leaf).map((other) => other.address),
    });
    const host = new Namespace(`${name}${leaf.number}`);
    new Veth(`${name}-wire${leaf.number}`, {
      a: {
        name: "eth0",
        namespace: host,
        addresses: [`192.168.0.${leaf.number * 10}/24`],
        gateways: ["192.168.0.1"],
      },
      b: { name: `${name}-host`, namespace, master: lan },
    });
    if (leaf.number !== 1) continue;
    // A second network of the tenant, behind the first leaf: routed in the tenant's VRF.
    const server = new Namespace(`${name}-server`);
    new Veth(`${name}-server-wire`, {
      a: { name: "eth0", namespace: server, addresses: ["192.168.1.10/24"], gateways: ["192.168.1.1"] },
      b: { name: `${name}-server`, namespace, master: vrf, addresses: ["192.168.1.1/24"] },
    });
    // Without it, a packet to an unknown network would leave the tenant by the leaf's own routes.
    new Route(`${name}-end`, { vrf, destination: "default", type: "unreachable", metric: 4_278_198_272 });
  }
}
