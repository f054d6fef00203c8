import { Lan } from "pulumi-netns";

const lan = new Lan("lan", { networks: ["192.168.15.0/24"], gateways: [], hosts: ["red", "blue"] });
export const red = lan.hosts.red.address;
export const blue = lan.hosts.blue.address;
