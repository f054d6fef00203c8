import { expect, test } from "vitest";
import { args, check, field } from "../../provider/schema.ts";
import { namespaceName, placeName } from "../../provider/values.ts";

test.each([namespaceName(), placeName()])(
  "the error about the URN of a resource says which outputs are names",
  (name) => {
    const given = check(args({ at: field(name) }), { at: "urn:pulumi:dev::lab::netns:index:Router::r" });
    expect(given).toEqual({
      failures: [
        {
          property: "at",
          reason: expect.stringContaining(
            "it is the URN of a resource. Use the name of its namespace: $" + "{r.namespace} of a component r, ",
          ),
        },
      ],
    });
  },
);
