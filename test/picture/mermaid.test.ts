import { expect, test } from "vitest";
import { mermaid } from "../../picture/mermaid.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn, star } from "./samples.ts";

test("added, changed and removed boxes and wires have a sign and a colour", () => {
  const wire = (name: string) => ({ a: { name: "eth0", namespace: name }, b: { name: `${name}-br`, master: "lan" } });
  const lines = mermaid(
    topologyOf([
      ...star(1),
      drawn("Namespace", "new", { name: "new" }, { mark: "added" }),
      drawn("Veth", "new-wire", wire("new"), { mark: "added" }),
      drawn("Namespace", "old", { name: "old" }, { mark: "removed" }),
      drawn("Veth", "old-wire", wire("old"), { mark: "removed" }),
      drawn("Bridge", "more", { name: "more" }, { mark: "changed" }),
    ]),
  ).split("\n");
  const edges = lines.filter((line) => / (---|-\.-)/.test(line));
  const numberOf = (text: string) => edges.findIndex((line) => line.includes(text));
  for (const [mark, sign, stroke, edge] of [
    ["added", "+ new", "#1a7f37", numberOf("+ new-br")],
    ["removed", "− old", "#cf222e", numberOf("− old-br")],
    ["changed", "~ more", "#9a6700", undefined],
  ] as const) {
    const [id] =
      lines
        .find((line) => line.includes(`<b>${sign}</b>`))
        ?.trim()
        .split(/[[{]/) ?? [];
    expect(lines).toContain(`  classDef ${mark} stroke:${stroke},stroke-width:3px`);
    expect(lines).toContain(`  class ${id} ${mark}`);
    if (edge !== undefined) expect(lines).toContain(`  linkStyle ${edge} stroke:${stroke},stroke-width:3px`);
  }
  expect(lines.filter((line) => line.includes("linkStyle"))).toHaveLength(2);
});

test("without marks there are no colours", () => {
  expect(mermaid(topologyOf(star(3)))).not.toMatch(/classDef|linkStyle/);
});
