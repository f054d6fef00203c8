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

describe("a route that this package has created", () => {
  const observe = (namespace: string | undefined, ...script: Exchange[]) =>
    scripted([routes(namespace, ENTRY), ...script], (kernel) =>
      route.observe(kernel, ready(route, { ...ARGS, namespace }), MARK),
    );
  const own = { mark: MARK, note: undefined };

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    [
      "that has a note of it",
      [lo(undefined, undefined, ...OTHERS, OWN)],
      { mark: noted("lab/dev@11111111"), note: OWN },
    ],
    [
      "that has a note of it without a backend",
      [lo(undefined, undefined, OLD_OWN)],
      { mark: noted("lab/dev"), note: OLD_OWN },
    ],
    [
      "with a note of it, which is another one",
      [lo(undefined, undefined, BY_PROD)],
      { mark: noted("lab/prod@11111111"), note: BY_PROD },
    ],
    [
      "of the same name in another backend with a note of it",
      [lo(undefined, undefined, BY_ELSEWHERE)],
      { mark: noted("lab/dev@22222222"), note: BY_ELSEWHERE },
    ],
    [
      "that has a note of it, also if another stack has an earlier one",
      [lo(undefined, undefined, BY_PROD, OWN)],
      { mark: noted("lab/dev@11111111"), note: OWN },
    ],
    ["itself if the link has no mark", [lo(undefined, undefined, ...OTHERS), eth0(undefined)], own],
    ["itself if the link has an alias that a user set", [lo(undefined, undefined), eth0(undefined, "uplink")], own],
    ["itself if the link has its mark", [lo(undefined, undefined), eth0(undefined, SIBLING)], own],
    ["that owns the link", [lo(undefined, undefined), eth0(undefined, STRANGER)], { mark: STRANGER, note: undefined }],
    // The lab host is owned by no stack, also if its loopback interface has a mark.
    ["itself if the lab host has another stack's mark", [lo(undefined, STRANGER), eth0(undefined)], own],
  ])("on the lab host is owned by the stack %s", async (_what, script, expected) => {
    expect(await observe(undefined, ...script)).toMatchObject({ isOurs: true, onOwnLink: false, ...expected });
  });

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    ["its own, without a query of the link", [lo("red", SIBLING)], own],
    ["its own, of version 0.1.0", [lo("red", OLD)], own],
    ["without a mark", [lo("red", undefined), eth0("red")], own],
    [
      "without a mark, with another stack's link",
      [lo("red", undefined), eth0("red", STRANGER)],
      { mark: STRANGER, note: undefined },
    ],
    ["of another stack", [lo("red", STRANGER), eth0("red")], { mark: STRANGER, note: undefined }],
    [
      "of another stack, with a link of its own",
      [lo("red", STRANGER), eth0("red", SIBLING)],
      { mark: STRANGER, note: undefined },
    ],
    [
      "of a stack of the same name in another backend",
      [lo("red", ELSEWHERE), eth0("red")],
      { mark: ELSEWHERE, note: undefined },
    ],
    [
      "of another stack, with a note of its own",
      [lo("red", STRANGER, noteBy("lab!dev@11111111", IN_RED))],
      { mark: noted("lab/dev@11111111", IN_RED), note: noteBy("lab!dev@11111111", IN_RED) },
    ],
    [
      "its own, with a note of another stack",
      [lo("red", MARK, noteBy("lab!prod@11111111", IN_RED))],
      { mark: noted("lab/prod@11111111", IN_RED), note: noteBy("lab!prod@11111111", IN_RED) },
    ],
    ["its own, with a note of the same route on the lab host", [lo("red", MARK, BY_PROD)], own],
  ])("in a namespace has the owner of the namespace or of its note: %s", async (_what, script, expected) => {
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
    ["over a link of another stack", { protocol: "static" }, [eth0(undefined, STRANGER)], false],
    ["over a link without a mark", { protocol: "static" }, [eth0(undefined)], false],
    ["without a link", { protocol: "static", type: "blackhole", dev: undefined }, [], false],
    // The kernel adds it with an address of the link.
    ["that the kernel has added", { protocol: "kernel" }, [], false],
  ])("has no owner %s", async (_what, entry, script, onOwnLink) => {
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

  test("is a leftover of its own stack", async () => {
    expect(await observe(...OTHERS, BY_PROD, OWN)).toEqual({
      state: undefined,
      mark: noted("lab/dev@11111111"),
      isOurs: true,
      onOwnLink: false,
      note: OWN,
    });
  });

  test.each([[[]], [OTHERS], [[BY_PROD]]])("is ignored if it is not of its own stack: %j", async (altnames) => {
    expect(await observe(...altnames)).toBeUndefined();
  });
});
