import type { ObservedAddressing } from "../../../provider/kinds/addressing.ts";
import { type ObservedRoute, route } from "../../../provider/kinds/route.ts";
import { MARK, ready } from "../samples.ts";

export const AT = { name: "eth0", namespace: "red" };
export const carrier = (addresses: string[] = [], gateways: string[] = [], up = true) => ({
  ...AT,
  up,
  addresses,
  gateways,
});
export type End = ReturnType<typeof carrier>;

export const routeVia = (via: string) =>
  ready(route, { namespace: "red", destination: "default", via, interface: "eth0" });
const entryOf = (text: string) => {
  const [local = "", length] = text.split("/");
  return { family: local.includes(":") ? "inet6" : "inet", local, prefixlen: Number(length), scope: "global" };
};
export const linkWith = (addresses: string[]): ObservedAddressing["link"] => ({
  ifindex: 2,
  ifname: "eth0",
  flags: ["UP"],
  mtu: 1500,
  addr_info: addresses.map(entryOf),
});

/** Returns a default route that the stack has created. */
export const ours = (via: string, more: Partial<ObservedRoute> = {}): ObservedRoute => ({
  state: routeVia(via),
  mark: MARK,
  isOurs: true,
  onOwnLink: false,
  note: undefined,
  ...more,
});

/** Returns the addressing of a link with these addresses, and default routes of the stack. */
export const carried = (addresses: string[], gateways: string[] = []): ObservedAddressing => ({
  link: linkWith(addresses),
  routes: gateways.map((via) => ({ args: routeVia(via), seen: ours(via) })),
});

/** Returns the addressing of a link with one default route, which may be missing. */
export const carriedWith = (addresses: string[], seen: ObservedRoute | undefined): ObservedAddressing => ({
  link: linkWith(addresses),
  routes: [{ args: routeVia(GATE), seen }],
});

export const [OLD, NEAR, NEW, SIX] = ["10.0.0.2/24", "10.0.0.3/24", "10.1.0.2/24", "fd00::2/64"];
export const [GATE, GATE6] = ["10.0.0.1", "fd00::1"];
export const FULL = carrier([OLD, SIX], [GATE, GATE6]);
export const LOST = { args: routeVia(GATE), seen: undefined };
export const ADD_OLD = `ip -n red address add ${OLD} dev eth0`;
export const ADD_NEAR = `ip -n red address add ${NEAR} dev eth0`;
export const ADD_NEW = `ip -n red address add ${NEW} dev eth0`;
export const ADD_SIX = `ip -n red address add ${SIX} dev eth0 nodad`;
export const DELETE_OLD = `ip -n red address delete ${OLD} dev eth0`;
export const ROUTE = `ip -n red -4 route add default via ${GATE} dev eth0 protocol 201`;
export const ROUTE6 = `ip -n red -6 route add default via ${GATE6} dev eth0 metric 1024 protocol 201`;
export const [AGAIN, AGAIN6] = [ROUTE, ROUTE6].map((line) => line.replace("add", "replace")) as [string, string];
export const UNROUTE = `ip -n red -4 route delete default via ${GATE} dev eth0`;
