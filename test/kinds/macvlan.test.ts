import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const show = async (name = "mv0", namespace = "red") =>
  (await lab.ip("-n", namespace, "-details", "link", "show", "dev", name))[0];
/** A veth pair with one end on the lab host and the other in a namespace. */
const wire = () =>
  lab.resource("Veth", "wire").up({
    a: { name: "uplink" },
    b: { name: "eth0", namespace: "blue", addresses: ["192.168.1.1/24"] },
  });
const child = (args: object = {}) => ({ name: "mv0", namespace: "red", link: "uplink", ...args });

//   red ─ mv0 192.168.1.80 ─┐
//                         uplink ══ eth0 192.168.1.1 ─ blue
test("a macvlan in a namespace reaches the network behind its parent, and is deleted", async () => {
  await wire();
  const web = lab.resource("Macvlan", "web");
  const args = child({ addresses: ["192.168.1.80/24"], gateways: ["192.168.1.1"] });
  expect(await web.up(args)).toBe("create");
  expect(await show()).toMatchObject({
    group: "default",
    ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:web@/),
    linkinfo: { info_kind: "macvlan", info_data: { mode: "bridge" } },
  });
  await pingOnce(lab, "red", "192.168.1.1", "-W2");
  expect(await web.up(args)).toBe("same");
  expect(await web.refresh()).toEqual([]);
  await web.destroy();
  await web.destroy();
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
  await lab.resource("Veth", "wire").destroy();
});

test.each([
  ["beside its parent on the lab host", { link: "uplink" }, [], "uplink"],
  [
    "beside its parent in a namespace",
    { namespace: "blue", linkNamespace: "blue", link: "eth0" },
    ["-n", "blue"],
    "eth0",
  ],
])("a macvlan can be %s", async (_where, args, place, parent) => {
  await wire();
  const web = lab.resource("Macvlan", "web");
  const wanted = { name: "mv0", ...args };
  expect(await web.up(wanted)).toBe("create");
  expect((await lab.ip(...place, "link", "show", "dev", "mv0"))[0].link).toBe(parent);
  expect(await web.up(wanted)).toBe("same");
  expect(await web.refresh()).toEqual([]);
});

test("mode and the arguments of every link change in place", async () => {
  await wire();
  const web = lab.resource("Macvlan", "web");
  await web.up(child());
  const { ifindex } = await show();
  const args = child({ mode: "private", mtu: 1400, mac: "02:00:00:00:00:01", up: false, altname: "web-uplink" });
  expect(await web.up(args)).toBe("update");
  expect(await show()).toMatchObject({
    ifindex,
    mtu: 1400,
    address: "02:00:00:00:00:01",
    altnames: ["web-uplink"],
    linkinfo: { info_data: { mode: "private" } },
  });
  expect(await web.up(args)).toBe("same");
  expect(await web.refresh()).toEqual([]);
});

test("drift of the mode and of the parent is reported and repaired", async () => {
  await wire();
  await lab.resource("Veth", "second").up({ a: { name: "uplink2" }, b: { name: "eth1", namespace: "blue" } });
  const web = lab.resource("Macvlan", "web");
  await web.up(child());
  await lab.run("ip", "-n", "red", ..."link set dev mv0 type macvlan mode vepa".split(" "));
  expect(await web.refresh()).toEqual(["mode"]);
  expect(await web.up(child())).toBe("update");

  const { ifalias } = await show();
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "mv0");
  await lab.run("ip", ..."link add name mv0 link uplink2 netns red type macvlan mode bridge".split(" "));
  await lab.run("ip", "-n", "red", "link", "set", "dev", "mv0", "up", "alias", ifalias);
  expect(await web.refresh()).toEqual(expect.arrayContaining(["link"]));
  expect(await web.up(child())).toBe("replace");
  const [{ ifindex }] = await lab.ip("link", "show", "dev", "uplink");
  expect((await show()).link_index).toBe(ifindex);
  expect(await web.refresh()).toEqual([]);
});

test("a macvlan on the lab host can have its parent in a namespace", async () => {
  await wire();
  const web = lab.resource("Macvlan", "web");
  const args = { name: "mv0", link: "eth0", linkNamespace: "blue" };
  expect(await web.up(args)).toBe("create");
  const [parent] = await lab.ip("-n", "blue", "link", "show", "dev", "eth0");
  expect((await lab.ip("link", "show", "dev", "mv0"))[0]).toMatchObject({ link_index: parent.ifindex });
  expect(await web.up(args)).toBe("same");
  expect(await web.refresh()).toEqual([]);
  await web.destroy();
  expect((await lab.ip("link", "show")).map(({ ifname }) => ifname)).not.toContain("mv0");
});

test("refresh reports a macvlan that the kernel deleted with its parent", async () => {
  await wire();
  const web = lab.resource("Macvlan", "web");
  await web.up(child());
  await lab.resource("Veth", "wire").up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "blue" } });
  await lab.run("ip", "link", "delete", "dev", "uplink");
  expect(await web.refresh()).toBe("gone");
  await web.destroy();
  await expectNothingLeft();
});

//   red ─ mv0 192.168.1.80 ── uplink ══ eth0 192.168.1.1 ─ blue
test("a macvlan with mode passthru has the MAC address of its parent, and carries packets", async () => {
  await wire();
  const [uplink] = await lab.ip("link", "show", "dev", "uplink");
  const web = lab.resource("Macvlan", "web");
  const args = child({ mode: "passthru", addresses: ["192.168.1.80/24"] });
  expect(await web.up(child())).toBe("create");
  expect(await web.up(args)).toBe("replace");
  const { ifindex, address, linkinfo } = await show();
  expect([address, linkinfo.info_data.mode]).toEqual([uplink.address, "passthru"]);
  await pingOnce(lab, "red", "192.168.1.1", "-W2");
  expect(await web.up(args)).toBe("same");
  expect(await web.refresh()).toEqual([]);
  expect(await web.up({ ...args, mtu: 1400 })).toBe("update");
  expect(await show()).toMatchObject({ ifindex, mtu: 1400, address });
  expect((await lab.ip("link", "show", "dev", "uplink"))[0].address).toBe(address);

  const second = (run = lab, stack = "dev") => run.resource("Macvlan", "second", stack).up({ ...child(), name: "mv1" });
  await expect(second()).rejects.toThrow(/declare the same macvlan parent uplink\n {2}help: .* mode passthru/);
  await expect(second(lab.nextRun(), "prod")).rejects.toThrow(/Invalid argument\n {2}help: .* mode passthru/);
  expect(await web.up(child({ mode: "vepa" }))).toBe("replace");
  expect((await show()).address).not.toBe(address);
  expect(await web.refresh()).toEqual([]);
  await web.destroy();
  await lab.resource("Veth", "wire").up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "blue" } });
});

test("the error about a macvlan with the MAC address of another one gives advice", async () => {
  await wire();
  const mac = "02:00:00:00:00:11";
  await lab.run(
    "ip",
    ..."link add name other link uplink address 02:00:00:00:00:11 up type macvlan mode bridge".split(" "),
  );
  await lab.run("ip", "link", "set", "dev", "uplink", "up");
  const web = lab.resource("Macvlan", "web").up(child({ mac }));
  await expect(web).rejects.toThrow(
    /Address already in use\n {2}help: another link, perhaps of another stack, has what this one needs: a macvlan its MAC/,
  );
  expect(await lab.ip("-n", "red", "link", "show", "type", "macvlan")).toEqual([]);
});

test("the error about a macvlan on the port of a bridge gives advice", async () => {
  await lab.run("ip", ..."link add name br0 type bridge".split(" "));
  await lab.run("ip", ..."link add name port master br0 type veth peer name far".split(" "));
  const web = lab.resource("Macvlan", "web").up(child({ link: "port" }));
  await expect(web).rejects.toThrow(
    /busy\n {2}help: an interface cannot be both a port of a bridge or a bond and the parent/,
  );
});

test.each([
  [child({ mode: "source" }), `mode: "source" is not one of "bridge", "private", "vepa", "passthru"`],
  [
    child({ mode: "passthru", mac: "02:00:00:00:00:01" }),
    `mac: "02:00:00:00:00:01" cannot be used with mode "passthru"`,
  ],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("Macvlan", "web").up(args);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});
