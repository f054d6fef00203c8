import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { Lan, Router, type RouterArgs } from "../../sdk/index.ts";
import { edit, host, ip, labHostForEachTest } from "../support/edited.ts";
import { pingOnce, pings } from "../support/ping.ts";

labHostForEachTest();

//  anna ─ office ─ edge ─ internet ─ server
const lab = (firewall: RouterArgs["firewall"]) => () => {
  const edge = new Router("edge", { ...(firewall && { firewall }) });
  new Lan("office", {
    networks: ["10.1.0.0/24", "fd00:1::/64"],
    router: edge,
    hosts: [{ name: "anna", addresses: ["10.1.0.10"] }],
  });
  const provider = new Router("provider");
  const internet = new Lan("internet", { networks: ["203.0.113.0/24", "fd00:2::/64"], router: provider });
  internet.join(edge, { addresses: ["203.0.113.5"] });
};

/** Returns whether a TCP connection to a closed port is answered with a reset, so that the packet has passed. */
const connects = async (from: string, to: string, port: number) => {
  const connect =
    "import socket, sys\ns = socket.socket()\ns.settimeout(1)\nsys.exit(0 if s.connect_ex((sys.argv[1], int(sys.argv[2]))) == 111 else 1)";
  return (await host.try("ip", "netns", "exec", from, "python3", "-c", connect, to, String(port))).code === 0;
};

const sixOf = async (namespace: string): Promise<string> => {
  const links = await ip("-n", namespace, "-6", "address", "show", "scope", "global");
  return links.flatMap(({ addr_info }) => addr_info)[0].local as string;
};

test("a stateful firewall accepts only answers from outside, and is two FilterChain resources", async () => {
  await edit(lab(undefined));
  // Without NAT, the outside needs a route to the inside.
  const route = () => host.run("ip", "-n", "provider", "route", "replace", "10.1.0.0/24", "via", "203.0.113.5");
  await route();
  await pingOnce(host, "provider", "10.1.0.10");

  const done = await edit(lab("stateful"));
  expect(done).toEqual(["create FilterChain edge-forward-internet", "create FilterChain edge-input-internet"]);
  expect(await pings(host, "provider", "10.1.0.10")).toBe(false);
  await pingOnce(host, "anna", "203.0.113.1");
  await pingOnce(host, "provider", "203.0.113.5");
  await pingOnce(host, "anna", "203.0.113.5");
  expect(await connects("provider", "203.0.113.5", 80)).toBe(false);
  expect(await connects("anna", "10.1.0.1", 80)).toBe(true);
  // Neighbor discovery works from both sides.
  await host.run("ip", "-n", "provider", "neigh", "flush", "all");
  await pingOnce(host, "edge", await sixOf("provider"));

  const web = { action: "accept", protocol: "tcp", destinationPort: 80 } as const;
  expect(await edit(lab({ forward: [web] }))).toEqual(["update FilterChain edge-forward-internet"]);
  expect(await connects("provider", "10.1.0.10", 80)).toBe(true);
  expect(await connects("provider", "10.1.0.10", 81)).toBe(false);
  expect(await edit(lab(undefined))).toEqual([
    "delete FilterChain edge-forward-internet",
    "delete FilterChain edge-input-internet",
  ]);
  await pingOnce(host, "provider", "10.1.0.10");
});

test("a trace names the FilterChain whose rule drops the packet", async () => {
  const drop = { action: "drop", destination: "10.1.0.10", outInterface: "office" } as const;
  await edit(lab({ forward: [drop] }));
  await host.run("ip", "-n", "provider", "route", "replace", "10.1.0.0/24", "via", "203.0.113.5");
  const blocked = async (to: string) => {
    expect(await pings(host, "provider", to)).toBe(false);
    return (await trace(labHost(host.enter), "provider", to)).outcome;
  };
  expect(await blocked("10.1.0.10")).toMatchObject({
    place: "edge",
    reason: expect.stringMatching(
      /^the firewall of edge drops the packet: rule `iifname "internet" oifname "office" ip daddr 10\.1\.0\.10 drop` of chain forward \(FilterChain edge-forward-internet\) in table inet pulumi-netns\//,
    ),
  });
  expect(await blocked("10.1.0.11")).toMatchObject({
    reason: expect.stringMatching(
      /drops the packet: rule `iifname "internet" counter drop` of chain forward \(FilterChain edge-forward-internet\) in table inet pulumi-netns\//,
    ),
  });
});
