import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { hasLasting, type LastingSandbox, openLasting } from "../../sandbox/lasting.ts";
import { sandbox, sandboxOf, traces } from "../sandbox.ts";
import { createStack, example, openStack } from "../stack.ts";
import { world } from "../world.ts";
import { stages } from "./article.ts";
import { failed, heading, note, plan, tryOut, worked } from "./print.ts";

const ENTER = "cd examples/seed && npx pulumi-netns sandbox";
const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });

const project = example("seed");
if (values.keep && (await hasLasting(project))) {
  failed(`The lab of an earlier run is there: ${ENTER} enters it, and ${ENTER} --remove removes it.`);
  process.exit(1);
}
const kept = values.keep ? await openLasting(project) : undefined;
const host = kept === undefined ? await sandbox() : sandboxOf(kept);
const around = await world(host);
const untouched = await traces(host);
const seed = kept === undefined ? await openStack(host, project) : await stackOf(kept);
const failures: string[] = [];

note("A sandbox stands for the lab host. Around it are a LAN with the host 192.168.1.3 and an internet with 8.8.8.8,");
note("namespaces like the lab itself: not one packet leaves this machine.");

for (const { row, title, config, trials } of stages) {
  heading(`${row}  ${title}`);
  await seed.config(config);
  plan(Object.entries(config), await seed.up());
  for (const trial of trials) {
    const answer = await tryOut(host, trial);
    const good = await trial.expect(answer, host, around);
    (good ? worked : failed)(trial.says);
    if (!good) failures.push(`${row}: ${trial.says}`);
  }
}

heading("Second look: nothing to do");
const again = await seed.up();
plan([], again);
if (again.length > 0) failures.push("a second up found something to do");

if (!values.keep) {
  heading("pulumi destroy");
  plan([], await seed.destroy());
  // The kernel removes the links of a deleted namespace with a short delay.
  for (let turn = 0; turn < 50 && (await traces(host)) !== untouched; turn += 1) await pause(100);
  const clean = (await traces(host)) === untouched;
  (clean ? worked : failed)("the lab host is as it was: no link, address, route, rule or setting is left");
  if (!clean) failures.push("destroy left something behind");
  await host[Symbol.asyncDispose]();
}
await seed[Symbol.asyncDispose]();

heading(failures.length === 0 ? "Everything worked: S1 to S5" : "This did not work");
for (const failure of failures) failed(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

if (values.keep) {
  heading("The lab is still up, in a sandbox of examples/seed");
  note(`enter the lab host:   ${ENTER}`);
  note("and from there:       npx pulumi-netns status, npx pulumi preview, ip netns exec red ping 8.8.8.8");
  note(`remove it:            ${ENTER} --remove`);
}

/** Creates the stack of a sandbox, selected and configured as a user would do it. */
function stackOf({ env }: LastingSandbox) {
  return createStack(host, project, { name: "dev", env, select: [] });
}
