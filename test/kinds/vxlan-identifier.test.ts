import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { end } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

test("create fails if a foreign tunnel has the same identifier, and leaves nothing", async () => {
  await lab.run("ip", "-n", "red", ..."link add other type vxlan id 42 dstport 4789".split(" "));
  await expect(lab.resource("Vxlan", "left").up(end({}))).rejects.toThrow(
    /A VXLAN device with the specified VNI already exists[^]*help: another link has this vni and dstport on the same underlay/,
  );
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo", "other"]);
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "other");
  await expectNothingLeft();
});

test("the error about a port that another tunnel uses exclusively says what to change", async () => {
  // With a group policy in its packets, a tunnel shares its socket with no other.
  await lab.run("ip", "-n", "red", ..."link add other up type vxlan id 43 dstport 4789 gbp".split(" "));
  await expect(lab.resource("Vxlan", "left").up(end({}))).rejects.toThrow(
    /Address already in use\n {2}help: another link, perhaps of another stack, has what this one needs: .* a tunnel its UDP port/,
  );
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo", "other"]);
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "other");
});

test("two tunnels of a program with the same identifier, port and underlay are refused at preview", async () => {
  await lab.resource("Vxlan", "first").up(end({ name: "vx0" }));
  const second = (args: object) => lab.resource("Vxlan", "second").up(end({ name: "vx1", ...args }));
  await expect(second({})).rejects.toThrow(
    /^vni: Vxlan first and Vxlan second declare the same VXLAN identifier 42 on udp port red\/4789 \(IPv4\)\n {2}help: /,
  );
  await expect(second({ namespace: "blue", underlay: "red" })).rejects.toThrow(CheckError);
  const others = [{ vni: 43 }, { dstport: 4790 }, { local: "fd00::1" }, { namespace: "blue" }];
  for (const [index, args] of others.entries()) {
    const other = lab.resource("Vxlan", `other${index}`);
    expect(await other.up(end({ name: `vx${2 + index}`, ...args }))).toBe("create");
  }
});

test("a tunnel with another name and another resource replaces the former tunnel in one run", async () => {
  const first = lab.resource("Vxlan", "former");
  await first.up(end({ name: "vx0" }));
  const run = lab.nextRun();
  const [former, next] = [run.resource("Vxlan", "former"), run.resource("Vxlan", "next")];
  former.resume({ id: first.id, outputs: first.outputs });
  expect(await next.up(end({ name: "vx1" }))).toBe("create");
  await former.destroy();
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo", "vx1"]);
  expect(await next.refresh()).toEqual([]);
});
