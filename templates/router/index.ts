import { Lan, Router } from "pulumi-netns";

const router = new Router("router");
const office = new Lan("office", { networks: ["10.1.0.0/24"], router, hosts: ["anna"] });
const guests = new Lan("guests", { networks: ["10.2.0.0/24"], router, hosts: ["guest"] });
export const anna = office.hosts.anna.address;
export const guest = guests.hosts.guest.address;
