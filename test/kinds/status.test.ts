import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { statusText } from "../../cli/status-text.ts";
import type { ResourceView } from "../../inspect/stack.ts";
import { statusOf } from "../../inspect/status.ts";
import { kindOfToken, parseUrn } from "../../provider/urn.ts";
import { Bridge, Route } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, failure, host, kernel, labHostForEachTest, mend } from "../support/edited.ts";

labHostForEachTest();

const before = () => new Bridge("lan", { addresses: ["10.0.0.1/24"] });

/** The same bridge in a component, which gives it another URN; optionally with a route that the kernel refuses. */
const after = (refused: boolean) => () => {
  const parent = new pulumi.ComponentResource("test:Group", "group");
  const lan = new Bridge("lan", { addresses: ["10.0.0.1/24"] }, { parent });
  if (refused) new Route("out", { destination: "10.8.0.0/16", via: "10.99.0.1" }, { dependsOn: lan });
};

/** Returns the output of the command `status`. */
async function told(): Promise<string> {
  const resources = engineOf().state.flatMap((state): ResourceView[] => {
    const { type: token, name } = parseUrn(state.urn);
    const type = kindOfToken(token);
    return type === undefined ? [] : [{ ...state, type, name }];
  });
  const stack = { project: "edits", stack: "dev" };
  const seen = await statusOf({ ...stack, resources }, { names: [undefined], on: () => ({ kernel: kernel() }) });
  return statusText({
    ...stack,
    resources: seen,
    addresses: [],
    undeclared: [],
    beside: [],
    locks: [],
    unreachable: [],
  });
}

test("after a failed up, status reports a resource that moved into a component as replaced, not as foreign", async () => {
  await edit(before);
  expect(await failure(after(true))).toMatch(/invalid gateway[^]*\n {2}help: the gateway must be in a network/);
  const text = await told();
  expect(text).toMatch(/^ {4}Bridge +lan +lan +up$/m);
  expect(text).toMatch(/^ {4}Bridge +lan +lan +replaced by another resource: lan$/m);
  expect(text).toMatch(
    /^2 resources: 1 up, 1 replaced\n`pulumi refresh` records this in the state, and the next `pulumi up` corrects it\.$/m,
  );
  expect(text).not.toMatch(/foreign/i);
  await edit(after(false));
  expect(await told()).toMatch(/^1 resource: 1 up$/m);
  expect(await addressesOf(undefined, "lan")).toEqual(["10.0.0.1/24"]);
});

test("status reports a route that was deleted by hand as missing, also if its note is left", async () => {
  const lab = () => {
    const lan = new Bridge("lan", { addresses: ["10.0.0.1/24"] });
    new Route("out", { destination: "10.8.0.0/16", via: "10.0.0.2", interface: lan });
  };
  await edit(lab);
  await host.run("ip", "route", "delete", "10.8.0.0/16");
  expect(await told()).toMatch(/^ {4}Route +out +\S+ +missing$/m);
  await mend(lab);
  expect(await told()).toMatch(/^2 resources: 2 up$/m);
});
