import { expect, test } from "vitest";
import { nexthopSchema } from "../../../provider/kinds/nexthop-args.ts";
import { check } from "../../../provider/schema.ts";

test("a member of a group that is only a number is refused with an example", () => {
  expect(check(nexthopSchema, { nhid: 4, group: [3] })).toEqual({
    failures: [
      {
        property: "group.0",
        reason: "3 is not an object with nhid, weight\n  help: put the number into an object, e.g. { nhid: 10 }",
      },
    ],
  });
});
