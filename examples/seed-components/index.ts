import { Lan, NatRule, Sysctl } from "pulumi-netns";

new Lan("v-net-0", {
  networks: ["192.168.15.0/24"],
  gateways: ["192.168.15.5"],
  hosts: [
    { name: "red", addresses: ["192.168.15.1"] },
    { name: "blue", addresses: ["192.168.15.2"] },
  ],
});
new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
new NatRule("lan-out", { type: "masquerade", source: "192.168.15.0/24" });
