import { expect, test } from "vitest";
import { factOf } from "../../picture/facts.ts";
import { mermaid } from "../../picture/mermaid.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn } from "./samples.ts";

const wire = (netem?: object, drift: object[] = []) =>
  drawn(
    "Veth",
    "wire",
    { a: { name: "eth0", namespace: "red", ...(netem && { netem }) }, b: { name: "eth0", namespace: "blue" } },
    drift.length === 0 ? {} : { mark: "drifted", drift: drift as never, details: [] },
  );

test("an impaired end of a wire has a funnel with its text, and the other end has none", async () => {
  const topology = topologyOf([wire({ delay: "20ms", jitter: "2ms", loss: "1%" })]);
  const picture = await svg(topology, "lab");
  expect(picture.match(/class="icon funnel /g)).toHaveLength(1);
  expect(picture).toContain(">20 ms ± 2 ms, 1 % loss</text>");
  expect(mermaid(topology)).toContain('|"eth0<br/>eth0 #9661; 20 ms #177; 2 ms, 1 #37; loss"|');
  for (const none of [undefined, {}, { delay: "0ms" }])
    expect(await svg(topologyOf([wire(none)]), "lab")).not.toContain('class="icon');
});

test("the text of a funnel contains the settings per destination", () => {
  const perDestination = [{ to: ["10.0.0.2/32", "fd00::2/128"], delay: "40ms" }, { to: "10.0.1.0/24" }];
  const about = topologyOf([wire({ rate: "10mbit", perDestination })]).places.flatMap(({ links }) =>
    links.flatMap((link) => link.about.map(({ text }) => text)),
  );
  expect(about).toEqual(["10 Mbit/s; 40 ms to 10.0.0.2, fd00::2"]);
});

test("a change of the settings marks the funnel", async () => {
  const drift = [{ property: "a.netem.delay", was: "20ms", is: "80ms" }];
  expect(await svg(topologyOf([wire({ delay: "20ms" }, drift)]), "lab")).toContain('class="icon funnel drifted"');
});

test.each([
  ["Netem", { interface: "eth0", direction: "ingress", delay: "5ms" }, "netem eth0 in: 5 ms"],
  ["Tbf", { interface: "eth0", direction: "egress", rate: "1mbit", burst: "2kb" }, "tbf eth0: 1 Mbit/s"],
  ["Netem", { interface: "eth0", direction: "egress" }, "netem eth0: nothing"],
])("%s %j is %s, with a funnel", (type, inputs, said) => {
  const { label, text, icon } = factOf(type, inputs);
  expect([`${label} ${text}`, icon]).toEqual([said, "funnel"]);
});

test("an FqCodel has the kernel's name and its main settings", () => {
  const { label, text } = factOf("FqCodel", { interface: "eth0", limit: 100, target: "5ms", flows: 16, ecn: true });
  expect(`${label} ${text}`).toBe("fq_codel eth0: limit 100 target 5ms flows 16");
});

test("a place with a filter chain has a shield with the policy", async () => {
  const chain = drawn("FilterChain", "f", { namespace: "red", chain: "forward", policy: "drop", rules: [] });
  const topology = topologyOf([drawn("Namespace", "red", { name: "red" }), chain]);
  const picture = await svg(topology, "lab");
  expect(picture.match(/class="icon shield /g)).toHaveLength(1);
  expect(picture).toContain(">forward: 0 rules, then drop</text>");
  expect(mermaid(topology)).toContain("#128737; filter forward: 0 rules, then drop");
});
