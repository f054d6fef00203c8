import fc from "fast-check";
import { expect, test } from "vitest";
import { filesOf, logOf, markOfPath, noteOf } from "../../../provider/kinds/process-paths.ts";
import { markOf } from "../../../provider/owner.ts";

test("the paths of a process are named after its mark", () => {
  const mark = "pulumi-netns:seed/dev:web@0123abcd";
  expect(logOf(mark)).toBe("/run/pulumi-netns/seed+dev:web@0123abcd.log");
  expect(filesOf(mark)).toBe("/run/pulumi-netns/seed+dev:web@0123abcd.files");
  expect(noteOf(mark)).toBe("/run/pulumi-netns/seed+dev:web@0123abcd.loaded");
});

test("each path is in one folder, and the mark is read from it, for any names", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("a-b", "..", "../../etc/x", "a+b", "a/b", "a:b@c", ".log"));
  fc.assert(
    fc.property(text, text, text, fc.constantFrom(logOf, filesOf, noteOf), (project, stack, name, pathOf) => {
      const mark = markOf({ project, stack, name, urn: name });
      expect(pathOf(mark)).toMatch(/^\/run\/pulumi-netns\/[^/]+\.[a-z]+$/);
      expect(markOfPath(pathOf(mark))).toBe(mark);
    }),
  );
});

test.each([
  "/run/pulumi-netns/.log",
  "/run/pulumi-netns/web.txt",
  "/run/pulumi-netns/a/b.log",
  "/run/other/a:b@0123abcd.log",
])("%s contains no mark", (path) => {
  expect(markOfPath(path)).toBeUndefined();
});
