import { expect } from "vitest";
import { showFdb } from "../../provider/kernel/tools/bridge.ts";
import { dev, ip, listNamespaces, query, showLink, showLinks, showRoutes } from "../../provider/kernel/tools/ip.ts";
import { showNeighbor, showNeighbors } from "../../provider/kernel/tools/neigh.ts";
import { type Cases, found, inBatch, inSession, together } from "./case.ts";
import { ADDRESS, BRIDGE, CABLE, PORT, RED } from "./set-ups.ts";

const NEIGHBOR = [
  ...CABLE,
  "ip -n red neigh add fd00::9 lladdr 02:00:00:00:00:01 dev eth0 nud permanent protocol 201 router",
];

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
      addr_info: [
        expect.objectContaining({
          ...{ family: "inet", local: "10.0.0.1", prefixlen: 24, scope: "global", broadcast: "10.0.0.255" },
        }),
      ],
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
  "a neighbour that is found": {
    setup: NEIGHBOR,
    ask: found((kernel) => showNeighbor(kernel, "red", { interface: "eth0", address: "fd00::9", proxy: false })),
    is: { dst: "fd00::9", lladdr: "02:00:00:00:00:01", router: null, state: ["PERMANENT"], protocol: "201" },
  },
  "all neighbours of a namespace": {
    setup: NEIGHBOR,
    ask: found((kernel) => showNeighbors(kernel, "red")),
    is: [expect.objectContaining({ dst: "fd00::9", dev: "eth0", protocol: "201" })],
  },
  "a proxied address that is found": {
    setup: [...CABLE, "ip -n red neigh add proxy 10.0.0.9 dev eth0 protocol 201"],
    ask: found((kernel) => showNeighbor(kernel, "red", { interface: "eth0", address: "10.0.0.9", proxy: true })),
    is: { dst: "10.0.0.9", proxy: null, protocol: "201" },
  },
  "a neighbour of an interface that does not exist": {
    setup: RED,
    ask: found((kernel) => showNeighbor(kernel, "red", { interface: "eth0", address: "10.0.0.9", proxy: false })),
    is: undefined,
  },
  "the entries of a bridge for a port": {
    setup: [...PORT, "bridge -n red fdb add 02:00:00:00:00:09 dev eth0 master static sticky"],
    ask: found((kernel) => showFdb(kernel, "red", "eth0")),
    is: expect.arrayContaining([expect.objectContaining({ flags: ["sticky"], master: "br0", state: "static" })]),
  },
  "the entries of a tunnel": {
    setup: [
      ...RED,
      "ip -n red link add name vx0 type vxlan id 5 dstport 4789",
      "bridge -n red fdb add 02:00:00:00:00:01 dev vx0 dst 10.0.0.2 port 4790 vni 7 via lo self permanent",
    ],
    ask: found((kernel) => showFdb(kernel, "red", "vx0")),
    is: [
      {
        ...{ mac: "02:00:00:00:00:01", dst: "10.0.0.2", port: 4790, vni: 7, viaIf: "lo" },
        ...{ flags: ["self"], state: "permanent" },
      },
    ],
  },
  "the entries of an interface that does not exist": {
    setup: RED,
    ask: found((kernel) => showFdb(kernel, "red", "eth0")),
    is: undefined,
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
