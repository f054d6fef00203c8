import { Address, Namespace, Veth } from "pulumi-netns";

const red = new Namespace("red");
const blue = new Namespace("blue");

const cable = new Veth("cable", {
  a: { name: "eth0", namespace: red },
  b: { name: "eth0", namespace: blue },
});

const redAddress = new Address("red", { interface: cable.a, address: "10.0.0.1/24" });
const blueAddress = new Address("blue", { interface: cable.b, address: "10.0.0.2/24" });

export const addresses = { red: redAddress.ip, blue: blueAddress.ip };
