import fc from "fast-check";
import { expect, test } from "vitest";
import { logOf, markOfLog } from "../../../provider/kinds/process-log.ts";
import { markOf } from "../../../provider/owner.ts";

test("a log is named after the mark of its process", () => {
  expect(logOf("pulumi-netns:seed/dev:web@0123abcd")).toBe("/run/pulumi-netns/seed+dev:web@0123abcd.log");
});

test("a log lies in the folder of the logs and tells its mark, whatever the resource is called", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("a-b", "..", "../../etc/x", "a+b", "a/b", "a:b@c", ".log"));
  fc.assert(
    fc.property(text, text, text, (project, stack, name) => {
      const mark = markOf({ project, stack, name, urn: name });
      expect(logOf(mark)).toMatch(/^\/run\/pulumi-netns\/[^/]+\.log$/);
      expect(markOfLog(logOf(mark))).toBe(mark);
    }),
  );
});

test.each([
  "/run/pulumi-netns/.log",
  "/run/pulumi-netns/web.txt",
  "/run/pulumi-netns/a/b.log",
  "/run/other/a:b@0123abcd.log",
])("%s is named after no mark", (path) => {
  expect(markOfLog(path)).toBeUndefined();
});
