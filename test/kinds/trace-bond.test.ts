// @kernel bond
import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "blue");

const run = (...commands: readonly string[]) => runAll(lab, commands);

/** Traces a ping from red to blue, and compares it with a real one. */
const follow = async () => (await traced(labHost(lab.enter), { from: "red", to: "10.0.0.2", count: 2 })).outcome;

//   red ─ bond0 10.0.0.1 ─┬ up1 ══ up1 ┬─ 10.0.0.2 bond0 ─ blue
//                         └ up2 ══ up2 ┘
test("a trace follows the active member of a bond, and says that another one drops the frame", async () => {
  for (const member of ["up1", "up2"])
    await run(`ip -n red link add ${member} type veth peer name ${member} netns blue`);
  for (const [index, place] of ["red", "blue"].entries())
    await run(
      `ip -n ${place} link add bond0 type bond mode active-backup miimon 100`,
      ...["up1", "up2"].map((member) => `ip -n ${place} link set dev ${member} master bond0`),
      `ip -n ${place} address add 10.0.0.${index + 1}/24 dev bond0`,
      ...["up1", "up2", "bond0"].map((link) => `ip -n ${place} link set dev ${link} up`),
    );
  const activate = (place: string, member: string) =>
    run(`ip -n ${place} link set dev bond0 type bond active_slave ${member}`);
  for (const member of ["up2", "up1"]) {
    for (const place of ["red", "blue"]) await activate(place, member);
    expect(await follow()).toEqual({ kind: "answered" });
  }
  await activate("blue", "up2");
  await run("ip -n red neighbour flush dev bond0", "ip -n blue neighbour flush dev bond0");
  expect(await follow()).toEqual({
    ...{ kind: "died", way: "there", place: "red", cause: "no-neighbour" },
    reason:
      "10.0.0.2 is unreachable from bond0 in red: bond0 in blue drops the frame, because up1 is not its active member",
    hint: "set `primary` of both bonds to members that are on one cable",
  });
});
