import fc from "fast-check";
import { expect, test } from "vitest";
import { inet, textOf } from "../provider/kinds/inet.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const address = fc.constantFrom(
  "10.0.0.1/24",
  "10.0.0.2/24",
  "10.0.0.3/24",
  "10.1.0.1/24",
  "10.1.0.2/24",
  "10.0.0.4/16",
);
const moves = fc.array(fc.tuple(fc.constantFrom("add", "add", "delete"), address), { maxLength: 8 });

test.each([false, true])(
  "the kernel lists addresses in the order of the test model, with promote_secondaries: %j",
  async (promotes) => {
    await lab.run("sysctl", "-qw", `net.ipv4.conf.all.promote_secondaries=${promotes ? 1 : 0}`);
    await lab.run("sysctl", "-qw", `net.ipv4.conf.default.promote_secondaries=${promotes ? 1 : 0}`);
    await fc.assert(
      fc.asyncProperty(moves, async (moves) => {
        await lab.run("ip", "link", "add", "name", "x", "type", "bridge");
        const model = inet(promotes);
        const lines = moves.map(([verb, text]) => {
          if (verb === "add") model.add(text);
          else model.remove(text);
          return `address ${verb} ${text} dev x`;
        });
        await lab.try("sh", "-c", 'printf "%s\\n" "$1" | ip -force -batch -', "sh", lines.join("\n"));
        const [{ addr_info }] = await lab.ip("address", "show", "dev", "x");
        await lab.run("ip", "link", "delete", "dev", "x");
        const seen = addr_info.map((entry: any) => [textOf(entry), entry.secondary ?? false]);
        expect(seen).toEqual(model.link().addr_info.map((entry) => [textOf(entry), entry.secondary ?? false]));
      }),
      { numRuns: 30 },
    );
  },
);
