import { describe, expect, test, vi } from "vitest";
import { host, lifecycles } from "../../provider/host.ts";
import { everyKind } from "../support/every-kind.ts";
import { untouched } from "./script.ts";

test("there is a life for each kind, by the name of its class", () => {
  expect([...lifecycles(untouched).keys()].sort()).toEqual(everyKind.map(({ type }) => type).sort());
});

test("a kind is hosted once, so that all of a program's resources share what they claim", () => {
  expect(host("Bridge")).toBe(host("Bridge"));
});

test("a kind of a later version is refused by name", () => {
  expect(() => host("Later")).toThrow("resource type Later is unknown to this version of pulumi-netns");
});

describe("a process", () => {
  const PERMISSION = "../../provider/permission.ts";

  /** What the console is told by the end of each of several hostings, in a process that lacks this. */
  async function told(lack: string | undefined, ...types: string[]): Promise<unknown[][]> {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.resetModules();
    vi.doMock(PERMISSION, () => ({ missingCapability: () => lack }));
    try {
      const fresh = await import("../../provider/host.ts");
      return types.map((type) => {
        if (type === "Later")
          expect(() => fresh.host(type)).toThrow("resource type Later is unknown to this version of pulumi-netns");
        else expect(fresh.host(type)).toBe(fresh.host(type));
        return warn.mock.calls.flat();
      });
    } finally {
      vi.doUnmock(PERMISSION);
      vi.resetModules();
      warn.mockRestore();
    }
  }

  test("that may not change networks says so as it hosts the first kind, and never again", async () => {
    expect(await told("no permission", "Bridge", "Veth", "Later")).toEqual([
      ["no permission"],
      ["no permission"],
      ["no permission"],
    ]);
  });

  test("that may not change networks says so also where the first kind is none", async () => {
    expect(await told("no permission", "Later", "Bridge")).toEqual([["no permission"], ["no permission"]]);
  });

  test("that may says nothing", async () => {
    expect(await told(undefined, "Bridge", "Veth", "Later")).toEqual([[], [], []]);
  });

  test("that loads the provider and hosts nothing says nothing, and neither do lives over another kernel", async () => {
    expect(await told("no permission")).toEqual([]);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    lifecycles(untouched);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
  });
});
