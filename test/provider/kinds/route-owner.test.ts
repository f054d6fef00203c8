import { describe, expect, test } from "vitest";
import { route } from "../../../provider/kinds/route.ts";
import { ready } from "../samples.ts";
import { type Exchange, scripted } from "../script.ts";
import {
  ARGS,
  BY_ELSEWHERE,
  BY_PROD,
  ELSEWHERE,
  ENTRY,
  eth0,
  IN_RED,
  lo,
  MARK,
  noteBy,
  noted,
  OLD,
  OLD_OWN,
  OTHERS,
  OWN,
  routes,
  SIBLING,
  STRANGER,
} from "./route-note-sample.ts";

describe("a route that this package has made", () => {
  const observe = (namespace: string | undefined, ...script: Exchange[]) =>
    scripted([routes(namespace, ENTRY), ...script], (kernel) =>
      route.observe(kernel, ready(route, { ...ARGS, namespace }), MARK),
    );
  const own = { mark: MARK, note: undefined };

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    ["that it has noted", [lo(undefined, undefined, ...OTHERS, OWN)], { mark: noted("lab/dev@11111111"), note: OWN }],
    [
      "that it has noted without a backend",
      [lo(undefined, undefined, OLD_OWN)],
      { mark: noted("lab/dev"), note: OLD_OWN },
    ],
    [
      "that another has noted",
      [lo(undefined, undefined, BY_PROD)],
      { mark: noted("lab/prod@11111111"), note: BY_PROD },
    ],
    [
      "that one of its name in another backend has noted",
      [lo(undefined, undefined, BY_ELSEWHERE)],
      { mark: noted("lab/dev@22222222"), note: BY_ELSEWHERE },
    ],
    [
      "that it has noted, and another before",
      [lo(undefined, undefined, BY_PROD, OWN)],
      { mark: noted("lab/dev@11111111"), note: OWN },
    ],
    ["on whose link there is no mark", [lo(undefined, undefined, ...OTHERS), eth0(undefined)], own],
    ["on whose link a person's text is", [lo(undefined, undefined), eth0(undefined, "uplink")], own],
    ["on whose link its own mark is", [lo(undefined, undefined), eth0(undefined, SIBLING)], own],
    [
      "on another stack's link",
      [lo(undefined, undefined), eth0(undefined, STRANGER)],
      { mark: STRANGER, note: undefined },
    ],
    // The lab host is no stack's, whatever is written on it.
    ["on the lab host, on which another stack's mark is", [lo(undefined, STRANGER), eth0(undefined)], own],
  ])("is, on the lab host, of the stack %s", async (_what, script, expected) => {
    expect(await observe(undefined, ...script)).toMatchObject({ isOurs: true, onOwnLink: false, ...expected });
  });

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    ["its own, without a look at the link", [lo("red", SIBLING)], own],
    ["its own of version 0.1.0", [lo("red", OLD)], own],
    ["without a mark", [lo("red", undefined), eth0("red")], own],
    [
      "without a mark, and so is not the link",
      [lo("red", undefined), eth0("red", STRANGER)],
      { mark: STRANGER, note: undefined },
    ],
    ["another's", [lo("red", STRANGER), eth0("red")], { mark: STRANGER, note: undefined }],
    [
      "another's, though the link is its own",
      [lo("red", STRANGER), eth0("red", SIBLING)],
      { mark: STRANGER, note: undefined },
    ],
    ["one of its name in another backend", [lo("red", ELSEWHERE), eth0("red")], { mark: ELSEWHERE, note: undefined }],
    [
      "another's, where it has noted the route",
      [lo("red", STRANGER, noteBy("lab!dev@11111111", IN_RED))],
      { mark: noted("lab/dev@11111111", IN_RED), note: noteBy("lab!dev@11111111", IN_RED) },
    ],
    [
      "its own, where another has noted the route",
      [lo("red", MARK, noteBy("lab!prod@11111111", IN_RED))],
      { mark: noted("lab/prod@11111111", IN_RED), note: noteBy("lab!prod@11111111", IN_RED) },
    ],
    ["its own, where the same route is noted on the lab host", [lo("red", MARK, BY_PROD)], own],
  ])("is, in a namespace, of the stack that the place tells: %s", async (_what, script, expected) => {
    expect(await observe("red", ...script)).toMatchObject({ isOurs: true, onOwnLink: false, ...expected });
  });
});

describe("a route of another protocol", () => {
  const observe = (entry: object, ...script: Exchange[]) =>
    scripted([routes(undefined, { ...ENTRY, ...entry }), ...script], (kernel) =>
      route.observe(kernel, ready(route, ARGS), MARK),
    );

  test.each<[string, object, Exchange[], boolean]>([
    ["over a link of the stack", { protocol: "static" }, [eth0(undefined, SIBLING)], true],
    ["over a link of the stack of version 0.1.0", { protocol: "boot" }, [eth0(undefined, OLD)], true],
    ["over another stack's link", { protocol: "static" }, [eth0(undefined, STRANGER)], false],
    ["over a link without a mark", { protocol: "static" }, [eth0(undefined)], false],
    ["over no link", { protocol: "static", type: "blackhole", dev: undefined }, [], false],
    // It came with an address of the link.
    ["that the kernel has made", { protocol: "kernel" }, [], false],
  ])("is no stack's, %s", async (_what, entry, script, onOwnLink) => {
    expect(await observe(entry, ...script)).toMatchObject({
      isOurs: false,
      onOwnLink,
      mark: undefined,
      note: undefined,
    });
  });
});

describe("a note without a route", () => {
  const observe = (...altnames: string[]) =>
    scripted([routes(undefined), lo(undefined, undefined, ...altnames)], (kernel) =>
      route.observe(kernel, ready(route, ARGS), MARK),
    );

  test("is what is left of the own", async () => {
    expect(await observe(...OTHERS, BY_PROD, OWN)).toEqual({
      state: undefined,
      mark: noted("lab/dev@11111111"),
      isOurs: true,
      onOwnLink: false,
      note: OWN,
    });
  });

  test.each([[[]], [OTHERS], [[BY_PROD]]])("is nothing where it is not the own: %j", async (altnames) => {
    expect(await observe(...altnames)).toBeUndefined();
  });
});
