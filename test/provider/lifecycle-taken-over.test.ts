import { expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { argsOf, displayCommand } from "../../provider/kernel/command.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { MARK } from "./samples.ts";
import { fails, tells } from "./script.ts";

const OTHER_MARK = MARK.replace(":it@", ":other@");

const ADDRESS = { address: "10.0.0.1/24", interface: "x" };

/** Returns the lifecycle of addresses over a kernel that has the address. The first query is answered after `release()`. */
function lab() {
  const run: string[] = [];
  let exists = true;
  let queries = 0;
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const kernel = oneByOne(async (command) => {
    const args = argsOf(command);
    if (args.includes("route")) return tells([]);
    if (args.includes("show")) {
      queries += 1;
      if (queries === 1) await released;
      const addr_info = exists ? [{ family: "inet", local: "10.0.0.1", prefixlen: 24, scope: "global" }] : [];
      return tells([{ ifindex: 2, ifname: "x", mtu: 1500, ifalias: MARK, flags: ["UP"], addr_info }]);
    }
    run.push(displayCommand(command));
    if (args.includes("add") && exists) return fails("RTNETLINK answers: File exists");
    exists = args.includes("add");
    return { code: 0, stdout: "", stderr: "" };
  });
  const life = lifecycles(kernel, { warn: () => undefined }).get("Address") as Lifecycle;
  return { run, life, release, exists: () => exists };
}

test("a delete that has begun does not delete the object if another resource takes it over before the delete gets its lock", async () => {
  const { life, release, exists } = lab();
  // The program has the former resource in another place, so the delete queries which of its objects are declared.
  life.check({}, { ...ADDRESS, address: "10.0.1.1/24", __mark: MARK });
  const deleted = life.delete("x/10.0.0.1/24", { ...ADDRESS, __mark: MARK });
  life.check({}, { ...ADDRESS, __mark: OTHER_MARK });
  await life.create({ ...ADDRESS, __mark: OTHER_MARK });
  release(undefined);
  await deleted;
  expect(exists()).toBe(true);
});

test("a delete deletes the object if no other resource takes it over", async () => {
  const { life, release, exists, run } = lab();
  release(undefined);
  await life.delete("x/10.0.0.1/24", { ...ADDRESS, __mark: MARK });
  expect([exists(), run]).toEqual([false, ["ip address delete 10.0.0.1/24 dev x"]]);
});
