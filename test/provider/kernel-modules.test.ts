import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import { ip } from "../../provider/kernel/tools/ip.ts";
import { LINK_MODULES } from "../../provider/kernel-modules.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The modules that the page about the kernel names, by the kinds of its rows. */
const onPage = [...read("docs/kernel.md").matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)].map(
  ([, kinds = "", feature = ""]) => [wordsOf(kinds), wordsOf(feature)] as const,
);

/** The kinds of links in `ip` of each resource, by the sources of the kinds; of a veth pair, two links at once. */
const devices = [
  ["Veth", "veth"] as const,
  ...globSync("provider/kinds/*.ts", { cwd: new URL("../../", import.meta.url) }).flatMap((file) => {
    const source = read(file);
    const [, type = "", device] = /linkKind\w*\(\{\s+type: "(\w+)",\s+device: (?:"(\w+)"|\{)/.exec(source) ?? [];
    const [, modes = ""] = /^const MODES = \[(.+)\]/m.exec(source) ?? [];
    return type === "" ? [] : (device === undefined ? wordsOf(modes) : [device]).map((one) => [type, one] as const);
  }),
];

test.each(devices)(
  "the advice about a %s that `ip` calls %s, and the page about the kernel, name its module",
  (type, device) => {
    const [, modules = ""] = onPage.find(([kinds]) => kinds.includes(type)) ?? [];
    expect(LINK_MODULES).toHaveProperty(device);
    expect(modules).toContain(LINK_MODULES[device]);
    const command = ip("red", "link", "add", "name", "x0", "type", device, "up");
    expect(adviceFor(command, "Error: Unknown device type.")).toContain(`\`modprobe ${LINK_MODULES[device]}\``);
  },
);

test("the sources of the kinds have all kinds of links with a module", () => {
  expect(devices.map(([, device]) => device).toSorted()).toEqual(Object.keys(LINK_MODULES).toSorted());
});

/** Returns the words that a text quotes. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/[`"](\w+)[`"]/g)].map(([, word = ""]) => word);
}
