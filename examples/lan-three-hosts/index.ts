import * as pulumi from "@pulumi/pulumi";
import { LabHost, Lan, Sysctl } from "pulumi-netns";

const config = new pulumi.Config();

// Machines that ssh reaches by these names, each with the address at which the others reach it.
const labs = ["lab1", "lab2", "lab3"].map((name) => new LabHost(name, { address: config.require(name) }));
const [lab1, lab2, lab3] = labs;

// A bridge on each, joined by VXLAN. The first one has the gateway's address, so its machine forwards packets.
const office = new Lan("office", {
  networks: ["192.168.15.0/24"],
  spans: labs,
  hosts: [
    { name: "anna", host: lab1 },
    { name: "ben", host: lab2 },
    { name: "carl", host: lab3 },
    { name: "dora", host: lab3 },
  ],
});
new Sysctl("forwarding", { namespace: lab1, key: "net.ipv4.ip_forward", value: 1 });

export const addresses = Object.values(office.hosts).map((host) => host.address);
