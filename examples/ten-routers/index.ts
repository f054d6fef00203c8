import { Lan, Link, Route, Router } from "pulumi-netns";

const routers = Array.from({ length: 10 }, (_, index) => new Router(`r${index + 1}`));
const [first, last] = [routers[0], routers[9]];

const clients = new Lan("clients", { networks: ["10.1.0.0/24", "fd00:1::/64"], router: first, hosts: ["client"] });
const servers = new Lan("servers", { networks: ["10.2.0.0/24", "fd00:2::/64"], router: last, hosts: ["server"] });

routers.slice(1).forEach((right, index) => {
  const left = routers[index];
  const link = new Link(`${left.name}-${right.name}`, {
    a: left,
    b: right,
    networks: [`10.0.${index}.0/31`, `fd00:0:0:${index}::/127`],
    gateway: "b",
  });
  // Default routes lead to the right; the routes back to the clients are declared here.
  ["10.1.0.0/24", "fd00:1::/64"].forEach((destination, family) => {
    const via = link.addresses.a[family];
    new Route(`${right.name}-to-${destination}`, { namespace: right.namespace, destination, via });
  });
});

export const client = clients.hosts.client.addresses;
export const server = servers.hosts.server.addresses;
