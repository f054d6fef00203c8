import { expect } from "vitest";
import { dev, ip, listNamespaces, query, showLink, showLinks, showRoutes } from "../../provider/kernel/tools/ip.ts";
import { type Cases, found, inBatch, inSession, together } from "./case.ts";
import { ADDRESS, BRIDGE, CABLE, PORT, RED } from "./set-ups.ts";

const addBridge = ip("red", "link", "add", "name", "br0", "type", "bridge");
const addAddress = ip("red", "address", "add", "10.0.0.1/24", dev("eth0"));

/** What iproute2 prints in JSON, and how a batch of it tells the outcomes of its lines apart. */
export const IP_QUERY_CASES: Cases = {
  "a namespace whose name is a number": {
    setup: ["ip netns add 7"],
    ask: found((kernel) => showLinks(kernel, "7")),
    is: [expect.objectContaining({ ifname: "lo" })],
  },
  "an absent namespace whose name is a number": { ask: found((kernel) => showLinks(kernel, "7")), is: undefined },
  "a link whose name is a number": {
    setup: [...RED, "ip -n red link add name 7 type bridge"],
    ask: found((kernel) => showLink(kernel, "red", "7")),
    is: expect.objectContaining({ ifname: "7" }),
  },
  "the list of namespaces": {
    setup: ["ip netns add red", "ip netns add 7"],
    ask: found((kernel) => listNamespaces(kernel)),
    is: expect.arrayContaining([{ name: "red" }, { name: "7" }]),
  },
  "an empty list of namespaces": { ask: found((kernel) => listNamespaces(kernel)), is: [] },
  "a bridge with a mark, an altname and an address": {
    setup: [
      ...BRIDGE,
      "ip -n red link set dev br0 alias pulumi-netns:lab/dev:br0",
      "ip -n red link property add dev br0 altname uplink",
      "ip -n red address add 10.0.0.1/24 broadcast 10.0.0.255 dev br0",
    ],
    ask: found((kernel) => showLink(kernel, "red", "uplink")),
    is: expect.objectContaining({
      ...{ ifname: "br0", address: "02:00:00:00:00:01", mtu: 1500, group: "default" },
      ...{ ifalias: "pulumi-netns:lab/dev:br0", altnames: ["uplink"] },
      linkinfo: { info_kind: "bridge", info_data: expect.objectContaining({ stp_state: 0, ageing_time: 30_000 }) },
      addr_info: [{ family: "inet", local: "10.0.0.1", prefixlen: 24, scope: "global", broadcast: "10.0.0.255" }],
    }),
  },
  "a port whose other end is in its namespace": {
    setup: PORT,
    ask: found((kernel) => showLink(kernel, "red", "eth0")),
    is: expect.objectContaining({
      ...{ link: "eth1", master: "br0" },
      linkinfo: {
        ...{ info_kind: "veth", info_slave_kind: "bridge" },
        info_slave_data: expect.objectContaining({ isolated: false, mcast_flood: true, cost: 2, priority: 32 }),
      },
    }),
  },
  "an end whose other end is in another namespace": {
    setup: ["ip netns add red", "ip link add name eth0 netns red type veth peer name port"],
    ask: found((kernel) => showLink(kernel, "red", "eth0")),
    is: expect.objectContaining({ link_index: expect.any(Number), link_netnsid: expect.any(Number) }),
  },
  "a route that is found": {
    setup: [...ADDRESS, "ip -n red route add 10.9.0.0/24 via 10.0.0.2 metric 5 mtu 1400"],
    ask: found((kernel) => showRoutes(kernel, "red", { family: "inet", destination: "10.9.0.0/24", table: "254" })),
    is: [
      expect.objectContaining({
        ...{ type: "unicast", dst: "10.9.0.0/24", gateway: "10.0.0.2", dev: "eth0", protocol: "boot" },
        ...{ metric: 5, metrics: [{ mtu: 1400 }] },
      }),
    ],
  },
  "no routes": {
    setup: ADDRESS,
    ask: found((kernel) => showRoutes(kernel, "red", { family: "inet", destination: "10.9.0.0/24", table: "254" })),
    is: [],
  },

  "lines of the session on the lab host": {
    setup: ["ip link add name br0 type bridge"],
    ask: inSession(
      ip(undefined, "link", "add", "name", "br0", "type", "bridge"),
      query(undefined, "address", "show", dev("br0")),
      ip(undefined, "link", "add", "name", "br1", "type", "bridge"),
      query(undefined, "address", "show", dev("eth0")),
      ip(undefined, "link", "set", dev("eth0"), "up"),
      query(undefined, "address", "show"),
    ),
    is: ["exists", "done", "done", "absent", "absent", "done"],
  },
  "a batch that ends at the line that fails": {
    setup: CABLE,
    ask: inBatch(addBridge, addAddress, addAddress),
    is: ["done", "done", "exists"],
  },
  "a batch without a line that fails": { setup: CABLE, ask: inBatch(addBridge, addAddress), is: ["done", "done"] },
  "a batch in an absent namespace": { ask: inBatch(addBridge, addAddress), is: ["absent"] },
  "queries that share a process": {
    setup: CABLE,
    ask: together(
      query("red", "address", "show", dev("eth1")),
      query("red", "address", "show", dev("br0")),
      query("red", "address", "show"),
    ),
    is: ["done", "absent", "done"],
  },
  "queries of an absent namespace": {
    ask: together(query("red", "address", "show", dev("eth1")), query("red", "address", "show")),
    is: ["absent", "absent"],
  },
};
