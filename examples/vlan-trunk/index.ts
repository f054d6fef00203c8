import { Bridge, Lan, Namespace, Router, Trunk } from "pulumi-netns";

const [sales, lab] = [10, 20];

// Two switches, without VLAN 1: a port has only the VLANs that it is given.
const [left, right] = ["sw1", "sw2"].map(
  (name) =>
    new Bridge(`${name}-bridge`, {
      name: "br0",
      namespace: new Namespace(name),
      vlanFiltering: true,
      vlanDefaultPvid: 0,
    }),
);

new Trunk("trunk", { a: left, b: right, vlans: [sales, lab] });

// The router has one cable, with an interface for each VLAN.
const router = new Router("router");
const trunk = new Trunk("stick", { a: router, b: left, vlans: [sales, lab] });

new Lan("sales", {
  vlan: sales,
  networks: ["10.0.10.0/24"],
  bridge: left,
  router,
  trunk,
  hosts: [
    { name: "anna", addresses: ["10.0.10.11"] },
    { name: "carla", addresses: ["10.0.10.12"], bridge: right },
  ],
});
new Lan("lab", {
  vlan: lab,
  networks: ["10.0.20.0/24"],
  bridge: left,
  router,
  trunk,
  hosts: [
    { name: "ben", addresses: ["10.0.20.11"] },
    { name: "dan", addresses: ["10.0.20.12"], bridge: right },
  ],
});
