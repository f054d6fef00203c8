import { expect, test } from "vitest";
import { filterSchema } from "../../../provider/kinds/filter-args.ts";
import { check } from "../../../provider/schema.ts";

const rule = (more: object) => ({ chain: "forward", rules: [{ action: "accept", ...more }] });

test.each([
  [
    "a list in one text",
    rule({ ctState: "ESTABLISHED, related" }),
    'ctState: "ESTABLISHED, related" is a list in one text; write ["established", "related"]',
  ],
  [
    "a list of ports in one text",
    rule({ protocol: "tcp", destinationPort: "80,8000-8099" }),
    'destinationPort: "80,8000-8099" is a list in one text; write [80, "8000-8099"]',
  ],
  [
    "a list with a part that is wrong by itself",
    rule({ protocol: "tcp", destinationPort: "80,https" }),
    'destinationPort: "80,https" is not a port from 1 to 65535, or a range of them: it is a list; declare a rule for each port or range',
  ],
  [
    "every address",
    rule({ source: "any" }),
    'source: "any" is not an address or a network: it means every address; omit the argument, or write "0.0.0.0/0" or "::/0"',
  ],
])("%s is refused with the correct spelling", (_what, args, reason) => {
  expect(check(filterSchema, args)).toEqual({
    failures: [{ property: `rules.0.${reason.split(": ")[0]}`, reason: reason.slice(reason.indexOf(": ") + 2) }],
  });
});

test("a reference that gives no namespace is refused as no value", () => {
  const reason =
    "null is not a namespace name: it is no value; a reference to a part that does not exist, such as a misspelt name, gives none";
  expect(check(filterSchema, { chain: "input", namespace: null })).toEqual({
    failures: [{ property: "namespace", reason }],
  });
});
