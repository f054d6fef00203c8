import fc from "fast-check";
import { expect, test } from "vitest";
import type { Drawn } from "../../picture/drawn.ts";
import { layoutOf } from "../../picture/layout.ts";
import { layoutOver } from "../../picture/layout-over.ts";
import { mermaid } from "../../picture/mermaid.ts";
import { pageData } from "../../picture/page/nodes.ts";
import { svg } from "../../picture/svg.ts";
import type { Line } from "../../picture/topology.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn, star } from "./samples.ts";
import { sound } from "./sound.ts";

/** Namespaces on one bridge, each with a server and a sysctl; the first one also has a route. */
const servers = (count: number, of: (name: string) => Partial<Drawn> = () => ({})): Drawn[] => [
  ...star(count),
  drawn("Route", "more", { namespace: "h0", destination: "10.9.0.0/16", via: "10.0.0.9" }),
  ...Array.from({ length: count }, (_, index) => `h${index}`).flatMap((name) => [
    drawn("Process", `${name}-web`, { namespace: name, command: ["nginx"] }, of(name)),
    drawn("Sysctl", `${name}-ttl`, { namespace: name, key: "net.ipv4.ip_default_ttl", value: "32" }),
  ]),
];

const saying = (lines: readonly Line[]) => lines.map(({ label, text, mark }) => [mark, label, text].join(" ").trim());

test("a rack shows the lines that all its boxes have once, and each box only its other lines", async () => {
  const { boxes, captions } = await layoutOf(topologyOf(servers(8)));
  expect(captions.map(({ caption }) => [caption.title, ...saying(caption.lines)])).toEqual([
    ["8 namespaces, each with", "route default via 10.0.0.1", "sysctl net.ipv4.ip_default_ttl = 32", "process nginx"],
  ]);
  const own = boxes.filter(({ box }) => box.look === "namespace").map(({ box }) => saying(box.lines));
  expect(own).toEqual([["route 10.9.0.0/16 via 10.0.0.9"], ...Array.from({ length: 7 }, () => [])]);
  const picture = await svg(topologyOf(servers(8)), "servers");
  expect(picture.split("default via 10.0.0.1").length).toBe(2);
  expect(picture.split(">namespace<").length).toBe(1);
});

test("a line that one box lacks is shown in the other boxes", async () => {
  const { captions, boxes } = await layoutOf(topologyOf(servers(8).filter(({ name }) => name !== "h3-ttl")));
  expect(captions.flatMap(({ caption }) => saying(caption.lines))).toEqual([
    "route default via 10.0.0.1",
    "process nginx",
  ]);
  const with32 = boxes.filter(({ box }) => saying(box.lines).includes("sysctl net.ipv4.ip_default_ttl = 32"));
  expect(with32).toHaveLength(7);
});

test("a few namespaces, and many without a common line, have no frame", async () => {
  expect((await layoutOf(topologyOf(servers(6)))).captions).toEqual([]);
  const apart = star(8).map((one) =>
    one.type === "Veth"
      ? { ...one, inputs: { ...one.inputs, a: { ...(one.inputs["a"] as object), gateways: [] } } }
      : one,
  );
  expect((await layoutOf(topologyOf(apart))).captions).toEqual([]);
});

test("a common line of ports contains the name of the port", async () => {
  const impaired = star(8).map((one) =>
    one.type === "Veth"
      ? { ...one, inputs: { ...one.inputs, a: { ...(one.inputs["a"] as object), netem: { delay: 10 } } } }
      : one,
  );
  const { captions, ports } = await layoutOf(topologyOf(impaired));
  expect(captions.flatMap(({ caption }) => caption.lines)).toContainEqual(
    expect.objectContaining({ label: "eth0", icon: "funnel" }),
  );
  expect(ports.flatMap(({ link }) => (typeof link === "object" ? link.about : []))).toEqual([]);
});

test("a mark of one box is at the box, and one of all boxes is at the line", async () => {
  const plain = await layoutOf(topologyOf(servers(9)));
  const one = topologyOf(servers(9, (name) => (name === "h4" ? { mark: "drifted" } : {})));
  const { boxes, captions, width, height } = await layoutOf(one);
  expect([width, height]).toEqual([plain.width, plain.height]);
  expect(captions.flatMap(({ caption }) => saying(caption.lines))).toContain("process nginx");
  const notes = boxes.flatMap(({ box }) => saying(box.notes ?? []).map((line) => `${box.subject.name}: ${line}`));
  expect(notes).toEqual(["h4: drifted process nginx"]);
  const picture = await svg(one, "one");
  expect(picture).toContain('class="small drifted" text-anchor="end">≠ process</text>');
  expect(picture).toContain("<title>namespace h4, process nginx: differs in the kernel</title>");
  expect(pageData(one, "").nodes["namespace h4"]?.told).toEqual(["1 of its parts: differs in the kernel"]);

  const all = await layoutOf(topologyOf(servers(9, () => ({ mark: "missing" }))));
  expect(all.captions.flatMap(({ caption }) => saying(caption.lines))).toContain("missing process nginx");
  expect(all.boxes.flatMap(({ box }) => box.notes ?? [])).toEqual([]);
});

test("the page finds a namespace by a line that its rack shows", () => {
  const { nodes } = pageData(topologyOf(servers(8)), "");
  expect(
    Object.values(nodes)
      .filter(({ find }) => find.includes("h5-web"))
      .map(({ name }) => name),
  ).toEqual(["h5"]);
  expect(Object.values(nodes).filter(({ find }) => find.includes("nginx"))).toHaveLength(8);
});

test("Mermaid has a subgraph with the common lines, and marked lines in the boxes", () => {
  const text = mermaid(topologyOf(servers(8, (name) => (name === "h4" ? { mark: "changed" } : {}))));
  expect(text).toContain(
    'subgraph rack0["<b>8 namespaces, each with</b><br/>route default via 10.0.0.1<br/>sysctl net.ipv4.ip#95;default#95;ttl = 32<br/>process nginx',
  );
  expect(text.split("default via").length).toBe(2);
  expect(text).toMatch(/place\d\["<b>h4<\/b><br\/>~ process/);
});

/** Servers whose processes have other commands after a change. */
const changed = (count: number, of: (name: string) => string) =>
  servers(count).map((one): Drawn => {
    const [host = ""] = one.name.split("-");
    if (one.type !== "Process" || of(host) === "nginx") return one;
    return { ...one, inputs: { ...one.inputs, command: [of(host)] }, before: one.inputs, mark: "changed" };
  });

test("a change of all boxes is at the line of the rack, and one of a few boxes is with the additions", async () => {
  const before = topologyOf(servers(8));
  const plain = await layoutOf(before);
  const all = await layoutOver(before, topologyOf(changed(8, () => "httpd")));
  expect(all.captions.map(({ caption }) => saying(caption.lines)[2])).toEqual(["changed process httpd"]);
  expect(all.additions).toBeUndefined();

  const few = await layoutOver(before, topologyOf(changed(8, (name) => (name === "h2" ? "httpd" : "nginx"))));
  expect(few.captions.map(({ caption }) => saying(caption.lines)[2])).toEqual(["process nginx"]);
  expect(few.boxes.filter(({ box }) => box.notes?.length).map(({ box }) => box.subject.name)).toEqual(["h2"]);
  const added = few.boxes.filter(({ y }) => y > (few.additions ?? Infinity));
  expect(added.flatMap(({ box }) => saying(box.lines))).toEqual(["changed process httpd"]);
  for (const after of [all, few]) {
    const frames = plain.boxes.map(({ box, x, y, width, height }) => ({ key: box.key, x, y, width, height }));
    const kept = after.boxes.slice(0, frames.length);
    expect(kept.map(({ box, x, y, width, height }) => ({ key: box.key, x, y, width, height }))).toEqual(frames);
  }
});

test("racks are below their bridges in namespaces that have other cables, and do not overlap with other boxes", async () => {
  const line = fc.record({ host: fc.nat(9), sysctl: fc.constantFrom("a", "b") });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 7, max: 10 }),
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom(undefined, 0, 3),
      async (count, lines, layer) => {
        const isOfLan = ({ name }: Drawn) => name !== "lan";
        const inLeaf = servers(count)
          .filter(isOfLan)
          .map((one): Drawn => {
            if (one.type === "Namespace")
              return { ...one, inputs: { ...one.inputs, ...(layer !== undefined && { layer }) } };
            if (one.type !== "Veth") return one;
            return { ...one, inputs: { ...one.inputs, b: { ...(one.inputs["b"] as object), namespace: "leaf" } } };
          });
        const lab = [
          ...["leaf", "spine"].map((name) => drawn("Namespace", name, { name })),
          drawn("Bridge", "lan", { name: "lan", namespace: "leaf" }),
          drawn("Veth", "up", { a: { name: "up", namespace: "leaf" }, b: { name: "down", namespace: "spine" } }),
          drawn("Veth", "far", { a: { name: "far", namespace: "spine" }, b: { name: "eth0", namespace: "end" } }),
          ...inLeaf,
          ...lines.map(({ host, sysctl }, index) =>
            drawn("Sysctl", `more${index}`, { namespace: `h${host % count}`, key: sysctl, value: "1" }),
          ),
        ];
        await sound(lab);
        const { boxes } = await layoutOf(topologyOf(lab));
        const y = (name: string) => boxes.find(({ box }) => box.key === `namespace ${name}`)?.y ?? 0;
        for (let host = 0; host < count; host += 1)
          expect(y(`h${host}`) > y("leaf"), `layer ${layer}`).toBe(layer !== 3);
      },
    ),
    { numRuns: 25 },
  );
});
