import { expect, test } from "vitest";
import { Lan, Link, Router } from "../../sdk/index.ts";
import { preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

const lan = (more: object) => new Lan("office", { networks: ["10.1.0.0/24"], ...more });
const router = (more: object) => lan({ router: new Router("edge", more) });
const wire = (more: object) => new Link("wire", { a: new Router("left"), b: new Router("right"), ...more });

test.each<[string, (more: object) => unknown, object, object]>([
  ["hosts of a Lan", lan, { hosts: [] }, {}],
  ["addresses of a host of a Lan", lan, { hosts: [{ name: "anna", addresses: [] }] }, { hosts: [{ name: "anna" }] }],
  ["members of a Lan", lan, { members: [] }, {}],
  ["pairs of a Lan", lan, { hosts: ["anna", "ben"], pairs: [] }, { hosts: ["anna", "ben"] }],
  ["port forwards of a Router", router, { portForwards: [] }, {}],
  ["rules of a Router", router, { firewall: { forward: [], input: [] } }, { firewall: {} }],
  ["networks of a Link", wire, { networks: [] }, {}],
  ["addresses of a Link", wire, { addresses: { a: [], b: [] } }, {}],
])("no %s may be an empty list", async (_, declare, empty, absent) => {
  const [given, left] = [await preview(() => declare(empty)), await preview(() => declare(absent))];
  expect(succeeds(given)).toEqual(succeeds(left));
});

test("an empty list of spans of a Lan is an error that says to leave it out", async () => {
  const { failure } = await preview(() => lan({ spans: [] }));
  expect(failure?.message).toContain("spans: the list is empty; omit it for a LAN on one lab host");
});
