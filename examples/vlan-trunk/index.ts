import { Bridge, Namespace, Router, Veth, Vlan } from "pulumi-netns";

const [sales, lab] = [10, 20];

const [left, right] = ["sw1", "sw2"].map((name) => {
  const namespace = new Namespace(name);
  // Without VLAN 1: a port has only the VLANs that it is given.
  const bridge = new Bridge(`${name}-bridge`, { name: "br0", namespace, vlanFiltering: true, vlanDefaultPvid: 0 });
  return { name, namespace, bridge };
});

/** Returns a port that carries tagged frames of both VLANs. */
const trunk = (name: string, { namespace, bridge }: typeof left) => ({
  ...{ name, namespace, master: bridge },
  port: { vlans: [sales, lab] },
});

new Veth("trunk", { a: trunk("trunk", left), b: trunk("trunk", right) });

// The router has one cable, with an interface for each VLAN.
const router = new Router("router");
const stick = new Veth("stick", { a: { name: "eth0", namespace: router.namespace }, b: trunk("to-router", left) });
for (const vid of [sales, lab])
  new Vlan(`router-${vid}`, { name: `eth0.${vid}`, link: stick.a, vid, addresses: [`10.0.${vid}.1/24`] });

/** Creates a host, whose port puts its frames into a VLAN. */
function host(name: string, vid: number, number: number, at: typeof left) {
  const namespace = new Namespace(name);
  new Veth(`${name}-wire`, {
    a: { name: "eth0", namespace, addresses: [`10.0.${vid}.${number}/24`], gateways: [`10.0.${vid}.1`] },
    b: {
      ...{ name: `to-${name}`, namespace: at.namespace, master: at.bridge },
      port: { vlans: [`${vid} pvid untagged`] },
    },
  });
}

host("anna", sales, 11, left);
host("ben", lab, 11, left);
host("carla", sales, 12, right);
host("dan", lab, 12, right);
