import { expect, test } from "vitest";
import { Namespace, Route, Veth } from "../../sdk/index.ts";
import { edit, host, ip, labHostForEachTest } from "../support/edited.ts";

/* A route over several links that gets other next hops changes in place, so that packets are forwarded all the time. */

labHostForEachTest();

/** A router with some links to spines, and a route over some of them. */
const lab = (links: readonly number[], hops: readonly number[]) => () => {
  const [leaf, spine] = [new Namespace("leaf"), new Namespace("spine")];
  const wires = new Map(
    links.map((number) => [
      number,
      new Veth(`w${number}`, {
        a: { name: `up${number}`, namespace: leaf, addresses: [`10.0.${number}.1/24`, `fd00:${number}::1/64`] },
        b: { name: `down${number}`, namespace: spine, addresses: [`10.0.${number}.2/24`, `fd00:${number}::2/64`] },
      }),
    ]),
  );
  for (const [name, destination, gateway] of [
    ["four", "10.9.0.0/16", (hop: number) => `10.0.${hop}.2`],
    ["six", "fd09::/64", (hop: number) => `fd00:${hop}::2`],
  ] as const) {
    const nexthops = hops.map((hop) => ({ via: gateway(hop), interface: wires.get(hop)!.a }));
    new Route(name, { namespace: leaf, destination, ...(nexthops.length > 1 ? { nexthops } : nexthops[0]) });
  }
};

/** Runs an edit, and returns its steps and the lines of `ip monitor` about the routes to a network that is deleted meanwhile. */
async function changed(program: () => unknown): Promise<{ steps: string[]; deleted: string[] }> {
  const log = "/tmp/monitor";
  await host.run("sh", "-c", `ip -n leaf monitor route >${log} 2>&1 & echo $! >${log}.pid`);
  const steps = await edit(program);
  await host.run("sh", "-c", `kill "$(cat ${log}.pid)"`);
  const lines = (await host.run("cat", log)).split("\n");
  return { steps, deleted: lines.filter((line) => /^Deleted (10\.9\.|fd09:)/.test(line)) };
}

const gateways = async (...args: string[]): Promise<string[]> => {
  const [route] = await ip("-n", "leaf", ...args);
  const hops: { gateway: string }[] = route.nexthops ?? [route];
  return hops.map(({ gateway }) => gateway).sort();
};

test.each<[string, readonly number[], readonly number[]]>([
  ["fewer next hops, whose links stay", [1, 2, 3], [1, 2]],
  ["fewer next hops, one of whose links is removed", [1, 2], [1, 2]],
  ["another next hop", [1, 2, 3, 4], [1, 2, 4]],
  ["one next hop", [1, 2, 3], [3]],
])("a route that gets %s is updated", async (_, links, hops) => {
  await edit(lab([1, 2, 3], [1, 2, 3]));
  const { steps, deleted } = await changed(lab(links, hops));
  expect(steps.filter((step) => step.includes("Route"))).toEqual(["update Route four", "update Route six"]);
  expect(deleted).toEqual([]);
  expect(await gateways("-4", "route", "show", "10.9.0.0/16")).toEqual(hops.map((hop) => `10.0.${hop}.2`));
  expect(await gateways("-6", "route", "show", "fd09::/64")).toEqual(hops.map((hop) => `fd00:${hop}::2`));
  const back = await changed(lab([1, 2, 3], [1, 2, 3]));
  expect(back.steps.filter((step) => step.includes("Route"))).toEqual(["update Route four", "update Route six"]);
});
