import { expect, test } from "vitest";
import { Namespace, Sysctl } from "../../sdk/index.ts";
import { edit, engineOf, host, labHostForEachTest, said, succeeds, sysctl } from "../support/edited.ts";

labHostForEachTest();

const KEY = "net.ipv4.igmp_max_memberships";

const lab = (value: number, namespace?: string) => () => {
  new Sysctl("memberships", { key: KEY, value, ...(namespace !== undefined && { namespace }) });
};

const warning = (place: string, was: number, is: number) =>
  `${KEY} ${place} was ${was} and is ${is} now, and another stack has set it too\n` +
  "  help: a sysctl has one value for all stacks: set the same value in each, or declare it in one of them";

test.each([
  ["on the lab host", undefined],
  ["in red", "red"],
])("a stack that overwrites the value of another stack %s says so", async (place, namespace) => {
  if (namespace !== undefined) await edit(() => void new Namespace(namespace), "owner");
  const program = (value: number) => lab(value, namespace);
  await edit(program(30), "a");
  await edit(program(30), "b");
  expect(said).toEqual([]);
  await edit(program(40), "b");
  expect(said.splice(0)).toEqual([warning(place, 30, 40)]);
  succeeds(await engineOf("a").refresh());
  succeeds(await engineOf("a").up(program(30)));
  expect(said.splice(0)).toEqual([warning(place, 40, 30)]);
  succeeds(await engineOf("b").destroy());
  expect(await sysctl(KEY, namespace)).toBe("30");
  await edit(program(50), "a");
  expect(said).toEqual([]);
  succeeds(await engineOf("a").destroy());
  expect(await sysctl(KEY, namespace)).not.toBe("30");
});

test("a stack that starts with another value says so, and not where the value was set by hand", async () => {
  await host.run("sysctl", "-w", `${KEY}=25`);
  await edit(lab(30), "a");
  expect(said).toEqual([]);
  await edit(lab(35), "b");
  expect(said).toEqual([warning("on the lab host", 30, 35)]);
  for (const stack of ["a", "b"]) succeeds(await engineOf(stack).destroy());
  expect(await sysctl(KEY)).toBe("25");
  await host.run("sysctl", "-w", `${KEY}=20`);
});
