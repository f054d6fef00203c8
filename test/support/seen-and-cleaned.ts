import { expect } from "vitest";
import { findOwned } from "../../inspect/owned/find.ts";
import type { StackView } from "../../inspect/stack.ts";
import { linksIn } from "../../inspect/stack-links.ts";
import { statusOf } from "../../inspect/status.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { applyPlan } from "../../provider/plan.ts";
import type { Lab, LabResource } from "./lab.ts";

/** The resources of a stack after a run, by their names. */
export type States = ReadonlyMap<string, { type: string } & Pick<LabResource, "id" | "outputs">>;

/** Expects that `status` reports each resource as up, and that the commands which take an interface know those with a mark. */
export async function expectSeen(lab: Lab, states: States): Promise<void> {
  expect(await conditions(lab, states)).toEqual([...states].map(([name]) => `${name} up`));
  for (const namespace of [undefined, ...(await namespacesOf(lab))]) {
    const place = namespace === undefined ? [] : ["-n", namespace];
    const links = (await lab.ip(...place, "link", "show")) as { ifname: string; ifalias?: string }[];
    const marked = links.filter(({ ifname, ifalias = "" }) => !PART_OF_OTHERS.test(ifname) && MARKED.test(ifalias));
    expect(linksIn(viewOf(states), { host: undefined, namespace })).toEqual(
      expect.arrayContaining(marked.map(({ ifname }) => ifname)),
    );
  }
}

/** Removes all objects of the stack by their marks, like `clean` without a state, and expects that none with a mark is left. */
export async function expectCleaned(lab: Lab, states: States): Promise<void> {
  const owned = () => findOwned({ project: "test", stack: "dev", host: undefined, backend: undefined }, kernel);
  const kernel = linux(lab.enter, lab.root);
  for (const { removal } of (await owned()).marked) await applyPlan(kernel, removal);
  expect((await owned()).marked).toEqual([]);
  const unmarked = [...states].filter(([, { type }]) => UNMARKED.includes(type)).map(([name]) => name);
  const left = (await conditions(lab, states)).filter((condition) => !condition.endsWith(" missing"));
  expect(unmarked).toEqual(expect.arrayContaining(left.map((condition) => condition.replace(/ \w+$/, ""))));
}

/** The kinds without an object in the kernel. */
const UNMARKED = ["Command"];

/** The links with a mark that are no resources of their own: of a namespace, and of a redirection of arriving packets. */
const PART_OF_OTHERS = /^(?:lo$|ifb-)/;

const MARKED = /^pulumi-netns:/;

const viewOf = (states: States): StackView => ({
  project: "test",
  stack: "dev",
  resources: [...states].map(([name, { type, id = "", outputs }]) => ({
    ...{ urn: `urn:pulumi:dev::test::netns:index:${type}::${name}`, type, name, id, parent: undefined },
    ...{ inputs: {}, outputs },
  })),
});

async function conditions(lab: Lab, states: States): Promise<string[]> {
  const kernel = linux(lab.enter, lab.root);
  const found = await statusOf(viewOf(states), { names: [undefined], on: () => ({ kernel }) });
  return found.map(({ name, condition, drift }) => [name, condition, ...drift.map((one) => one.property)].join(" "));
}

const namespacesOf = async (lab: Lab): Promise<string[]> =>
  ((await lab.ip("netns", "list")) as { name: string }[]).map(({ name }) => name);
