import { describe, expect, test, vi } from "vitest";
import { host, lifecycles } from "../../provider/host.ts";
import { everyKind } from "../support/every-kind.ts";
import { untouched } from "./script.ts";

test("there is a lifecycle for each kind, under the name of its class", () => {
  expect([...lifecycles(untouched).keys()].sort()).toEqual(everyKind.map(({ type }) => type).sort());
});

test("a kind has a single lifecycle, so that all resources of a program share their claims", () => {
  expect(host("Bridge")).toBe(host("Bridge"));
});

test("a kind of a later version is an error that names it", () => {
  expect(() => host("Later")).toThrow("resource type Later is unknown to this version of pulumi-netns");
});

describe("a process", () => {
  const PERMISSION = "../../provider/permission.ts";
  // The kernel is not asked for an object in a place of the program.
  const RED = { name: "red", __mark: "pulumi-netns:lab/dev:red@01234567", __atHome: true };

  /** Returns the warnings after each of several checks of a namespace, in a process that lacks a capability. */
  async function warnings(lack: string | undefined, ...checked: object[]): Promise<unknown[][]> {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.resetModules();
    vi.doMock(PERMISSION, () => ({ missingCapability: () => lack }));
    try {
      const fresh = await import("../../provider/host.ts");
      fresh.host("Namespace");
      const seen: unknown[][] = [];
      for (const news of checked) {
        const { failures = [] } = await fresh.host("Namespace").check({}, { ...RED, ...news });
        expect(failures).toEqual([]);
        seen.push(warn.mock.calls.flat());
      }
      return seen;
    } finally {
      vi.doUnmock(PERMISSION);
      vi.resetModules();
      warn.mockRestore();
    }
  }

  test("without the capability to change networks warns once, at the first check of an object on this machine", async () => {
    const elsewhere = { host: "lab2" };
    expect(await warnings("no permission", elsewhere, {}, {}, elsewhere)).toEqual([
      [],
      ["no permission"],
      ["no permission"],
      ["no permission"],
    ]);
  });

  test("with the capability does not warn", async () => {
    expect(await warnings(undefined, {}, {})).toEqual([[], []]);
  });
});
