import { expect, test } from "vitest";
import { Address, Veth } from "../../sdk/index.ts";
import { edit, engineOf, ip, labHostForEachTest } from "../support/edited.ts";

/* Objects that a failed up has given to another resource, while the state also has them as those of the former one. */

labHostForEachTest();

test("an address that a link has carried in a failed up is that of its resource again, and exists", async () => {
  const wire = (...addresses: readonly string[]) =>
    new Veth("wire", { a: { name: "left", addresses: ["10.0.3.1/24", ...addresses] }, b: { name: "right" } });
  const apart = () => void new Address("more", { interface: wire().a, address: "10.0.1.6/24" });
  await edit(apart);
  const failed = await engineOf().up(() => void wire("10.0.1.6/24"), { failAfter: 1 });
  expect(failed.failure).toBeDefined();

  const planned = await engineOf().preview(apart);
  const done = await engineOf().up(apart);
  expect(done.failure).toBe(undefined);
  expect(done.steps).toEqual(planned.steps);
  const [{ addr_info: found }] = await ip("-4", "address", "show", "dev", "left");
  expect(found.map(({ local }: { local: string }) => local)).toEqual(["10.0.3.1", "10.0.1.6"]);
  expect((await engineOf().refresh()).steps.filter(({ op }) => op !== "same")).toEqual([]);
  await edit(() => undefined);
});
