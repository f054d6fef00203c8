import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import type { Life } from "./example-life.ts";
import { type LocalStack, openLocalExample } from "./local-stack.ts";

/** Declares the tests of an example's life on the in-process engine: it is created, repaired after manual changes, and deleted. */
export function liveExample(name: string, { works, drifts, config }: Life): void {
  describe(`example ${name}`, () => {
    let host: Sandbox;
    let stack: LocalStack;
    let before: string;

    beforeAll(async () => {
      host = await sandbox();
      before = await traces(host);
      stack = openLocalExample(host, name);
      await stack.config({ hosts: 3, ...config });
    });

    afterAll(() => host[Symbol.asyncDispose]());

    test("is created as previewed, works, and has no drift", async () => {
      const planned = await stack.preview();
      expect(await stack.up()).toEqual(planned);
      await works(host);
      expect(await stack.up()).toEqual([]);
      expect(await stack.refresh()).toEqual([]);
    });

    test.each(drifts)("$what: refresh reports it, and up repairs it", async ({ command, refresh, up }) => {
      const [program = "", ...args] = command.split(" ");
      await host.run(program, ...args);
      await settled(host);
      expect(await stack.refresh()).toEqual(refresh);
      expect(await stack.preview()).toEqual(up);
      expect(await stack.up()).toEqual(up);
      await works(host);
      expect(await stack.refresh()).toEqual([]);
    });

    test("is deleted, and leaves nothing", async () => {
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    });
  });
}

/** Waits until the kernel has deleted the links of a deleted namespace, which it does after a short time. */
async function settled(host: Sandbox): Promise<void> {
  let before = "";
  await expect
    .poll(async () => {
      const [last, now] = [before, await host.run("sh", "-c", LINKS)];
      before = now;
      return now === last;
    }, SOON)
    .toBe(true);
}

const LINKS = "ip -brief link show; ip -all netns exec ip -brief link show";
