import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

/*
 * Resources whose link exists, but which have no state: the state was lost, or the resource was retained and declared again. The create
 * gives the link the arguments of the program.
 */

const KINDS: [string, object][] = [
  ["Bridge", {}],
  ["Macvlan", { link: "parent" }],
];

const BEFORE = ["10.1.2.1/24", "10.1.2.9/24", "10.1.3.1/24", "fd00:2::1/64"];
const AFTER = ["10.1.1.1/24", "10.1.3.1/24"];

test.each(KINDS)(
  "a create of an existing %s gives it the addresses and default routes of the program",
  async (kind, options) => {
    await lab.resource("Bridge", "parent").up({ name: "parent" });
    const args = { ...options, name: "home", namespace: "red" };
    await lab.resource(kind, "home").up({ ...args, addresses: BEFORE, gateways: ["10.1.2.7", "fd00:2::7"] });
    const network = { namespace: "red", destination: "10.9.0.0/16", via: "10.1.3.7", metric: 5 };
    await lab.resource("Route", "network").up(network);
    await lab.run(
      "ip",
      "-n",
      "red",
      "address",
      "add",
      "10.1.4.1/24",
      "dev",
      "home",
      "valid_lft",
      "900",
      "preferred_lft",
      "900",
    );
    await lab.run("ip", "-n", "red", "route", "add", "default", "via", "10.1.3.8", "metric", "9");

    const link = lab.resource(kind, "home");
    expect(await link.up({ ...args, addresses: AFTER })).toBe("create");
    // An address with a lifetime belongs to a DHCP client.
    expect((await addresses()).toSorted()).toEqual([...AFTER, "10.1.4.1/24"].toSorted());
    expect(await routes("-4")).toEqual(["10.9.0.0/16 via 10.1.3.7", "default via 10.1.3.8"]);
    expect(await routes("-6")).toEqual([]);
    expect(await link.refresh()).toEqual([]);
    expect(await link.up({ ...args, addresses: AFTER })).toBe("same");
  },
);

test("a create of an existing veth pair gives both ends the addresses of the program", async () => {
  const end = (namespace: string | undefined, ...own: string[]) => ({ name: "home", namespace, addresses: own });
  await lab.resource("Veth", "pair").up({ a: end("red", "10.1.2.1/24"), b: end(undefined, "10.1.2.2/24") });
  await lab.resource("Veth", "pair").up({ a: end("red", "10.1.1.1/24"), b: end(undefined) });
  expect([await addresses(), await addresses([])]).toEqual([["10.1.1.1/24"], []]);
});

test("an Address on an existing link is created again after a create of the link", async () => {
  const bridge = { name: "home", namespace: "red", addresses: ["10.1.1.1/24"] };
  const own = { interface: "home", namespace: "red", address: "10.1.2.1/24" };
  for (const _state of ["kept", "lost"]) {
    expect(await lab.resource("Bridge", "home").up(bridge)).toBe("create");
    expect(await lab.resource("Address", "own").up(own)).toBe("create");
    expect(await addresses()).toEqual(["10.1.1.1/24", "10.1.2.1/24"]);
  }
});

async function addresses(place = ["-n", "red"]): Promise<string[]> {
  const [link] = JSON.parse(await lab.run("ip", "-j", ...place, "address", "show", "dev", "home")) as Link[];
  return (link?.addr_info ?? [])
    .filter(({ scope }) => scope === "global")
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

interface Link {
  readonly addr_info: { readonly scope: string; readonly local: string; readonly prefixlen: number }[];
}

/** Returns the routes through gateways. */
async function routes(family: string): Promise<string[]> {
  const all = JSON.parse(await lab.run("ip", "-j", family, "-n", "red", "route", "show")) as Route[];
  return all.flatMap(({ dst, gateway }) => (gateway === undefined ? [] : `${dst} via ${gateway}`)).toSorted();
}

interface Route {
  readonly dst: string;
  readonly gateway?: string;
}
