import { expect, test } from "vitest";
import { expectNothingLeft, lab } from "./lab-for-each.ts";

/** Returns a link of the namespace red as `ip` shows it. */
export const show = async (name: string) => (await lab.ip("-n", "red", "-details", "link", "show", "dev", name))[0];

/** Declares the tests that tun and tap devices have in common, in a lab with the namespace red. */
export function testLifeOfTunTap(type: "Tap" | "Tun", other: "Tap" | "Tun"): void {
  const mode = type.toLowerCase();
  const args = { name: "x0", namespace: "red", addresses: ["10.9.0.1/24"] };

  test("a device is created, updated in place, repaired after drift, replaced and deleted", async () => {
    const device = lab.resource(type, "guest");
    expect(await device.up(args)).toBe("create");
    const made = await show("x0");
    expect(made).toMatchObject({
      group: "default",
      ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:guest@/),
      linkinfo: { info_kind: "tun", info_data: { type: mode, persist: true, multi_queue: false, vnet_hdr: false } },
    });
    expect(made.flags).toContain("UP");
    expect(await device.up(args)).toBe("same");
    expect(await device.refresh()).toEqual([]);

    const changed = { ...args, mtu: 1400, altname: "guest-of-red", addresses: ["10.9.0.2/24"] };
    expect(await device.up(changed)).toBe("update");
    expect(await show("x0")).toMatchObject({ ifindex: made.ifindex, mtu: 1400, altnames: ["guest-of-red"] });
    await lab.run("ip", "-n", "red", "link", "set", "dev", "x0", "down", "mtu", "1300");
    expect(await device.refresh()).toEqual(expect.arrayContaining(["up", "mtu"]));
    expect(await device.up(changed)).toBe("update");
    expect(await device.refresh()).toEqual([]);

    for (const replaced of [{ user: "root" }, { user: 0, group: 0 }, { multiQueue: true }, { vnetHdr: true }]) {
      expect(await device.up({ ...changed, ...replaced })).toBe("replace");
      expect(await device.refresh()).toEqual([]);
    }
    expect(await show("x0")).toMatchObject({ linkinfo: { info_data: { vnet_hdr: true, multi_queue: false } } });
    await lab.run("ip", "-n", "red", "link", "delete", "dev", "x0");
    expect(await device.refresh()).toBe("gone");
    expect(await device.up({ ...args, user: 0 })).toBe("create");
    expect(await show("x0")).toMatchObject({ linkinfo: { info_data: { user: "root" } } });
    await device.destroy();
    await device.destroy();
    await expectNothingLeft();
  });

  test("a device of another program is refused without adopt, and is drift if it replaces the adopted one", async () => {
    const make = (...words: string[]) =>
      lab.run("ip", "-n", "red", "tuntap", "add", "dev", "x0", "mode", mode, ...words);
    await make();
    const device = lab.resource(type, "guest");
    await expect(device.up(args)).rejects.toThrow(/x0/);
    expect(await device.up(args, { adopt: true })).toBe("create");
    const { ifalias } = await show("x0");
    expect(ifalias).toContain("guest");

    await lab.run("ip", "-n", "red", "link", "delete", "dev", "x0");
    await make("user", "root");
    await lab.run("ip", "-n", "red", "link", "set", "dev", "x0", "alias", ifalias);
    expect(await device.refresh()).toEqual(expect.arrayContaining(["user", "up", "addresses"]));
    expect(await device.up(args)).toBe("replace");
    expect(await device.refresh()).toEqual([]);
  });

  test(`a ${other} of the same name that is no longer declared is replaced`, async () => {
    await lab.resource(other, "guest").up(args);
    expect(await lab.nextRun().resource(type, "guest").up(args)).toBe("create");
    expect(await show("x0")).toMatchObject({ linkinfo: { info_data: { type: mode } } });
  });
}
