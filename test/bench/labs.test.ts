import { expect, test } from "vitest";
import { allAtOnce, making, oneByOne, unmaking } from "../../bench/commands.ts";
import { changed, type Lab, resolve } from "../../bench/lab.ts";
import { chain } from "../../bench/labs/chain.ts";
import { nat } from "../../bench/labs/nat.ts";
import { seed } from "../../bench/labs/seed.ts";
import { star } from "../../bench/labs/star.ts";
import { markFor } from "../../bench/mark.ts";
import { yamlProject } from "../../bench/yaml.ts";
import { lifecycles } from "../../provider/host.ts";
import { oneByOne as alone } from "../../provider/kernel/kernel.ts";

const lives = lifecycles(alone(() => Promise.reject(new Error("a check touches nothing"))));

const labs: [string, Lab, number][] = [
  ["star", star(3), 4 * 3 + 3],
  ["chain", chain(4), 4 * 2 + 3 * 3 + 2 * 2],
  ["nat", nat(5), 5],
  ["seed", seed(), 7],
];

test.each(labs)("the provider accepts every piece of the %s, before and after its change", (_name, lab, size) => {
  for (const pieces of [lab.pieces, changed(lab)]) {
    expect(pieces).toHaveLength(size);
    for (const piece of resolve(pieces)) {
      const { failures } = lives.get(piece.kind)!.check({}, { ...piece.inputs, __mark: markFor(piece) });
      expect([piece.name, failures]).toEqual([piece.name, []]);
    }
  }
  expect(changed(lab)).not.toEqual(lab.pieces);
});

test.each(labs)("the %s has each piece after its dependencies", (_name, lab) => {
  const seen = new Set<string>();
  for (const { name, needs, within } of resolve(lab.pieces)) {
    for (const need of [...needs, ...(within === undefined ? [] : [within])]) expect(seen).toContain(need);
    seen.add(name);
  }
});

test("a star with addresses on the ends of its cables has half the pieces", () => {
  expect(star(3, { ends: true }).pieces).toHaveLength(2 * 3 + 2);
});

test("a lab as a file has references, the namespace of an interface, and the address of a route's interface", () => {
  const { resources } = JSON.parse(yamlProject("lab", star(1).pieces, "bin")) as { resources: Record<string, unknown> };
  expect(resources).toMatchObject({
    "n1-wire": {
      type: "netns:Veth",
      properties: {
        a: { name: "eth0", namespace: "${n1.name}" },
        b: { name: "p1", master: "${lan.name}" },
      },
    },
    "n1-ip": { properties: { interface: "${n1-wire.a.name}", namespace: "${n1.name}", address: "10.0.0.1/16" } },
    "n1-default": { properties: { namespace: "${n1.name}", interface: "${n1-ip.interface}", destination: "default" } },
  });
});

test("a lab is written as commands, one by one and as batches", () => {
  const { pieces } = star(1);
  expect(oneByOne(making(pieces))).toBe(`ip netns add n1
ip -n n1 link set dev lo up
ip link add name lan type bridge
ip link set dev lan up
ip link add name eth0 netns n1 type veth peer name p1
ip -n n1 link set dev eth0 up
ip link set dev p1 master lan up
ip address add 10.0.255.254/16 dev lan
ip -n n1 address add 10.0.0.1/16 dev eth0
ip -n n1 route add default via 10.0.255.254
nft 'add table inet bench'
nft 'add chain inet bench postrouting { type nat hook postrouting priority srcnat; }'
nft 'add rule inet bench postrouting ip saddr 10.0.0.0/16 oifname wan0 masquerade'
`);
  const { script, files } = allAtOnce(making(pieces));
  expect(script).toBe("ip -batch host\nip -n n1 -batch in-n1\nnft -f rules\n");
  expect([...files.values()].join("").split("\n")).toHaveLength(14);
  expect(oneByOne(unmaking(pieces))).toBe(`ip netns delete n1
ip link delete dev lan
nft 'delete table inet bench'
`);
});
