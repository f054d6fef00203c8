import { afterAll, describe, expect, test } from "vitest";
import { runOnce } from "../../provider/kernel/client/child.ts";
import { sandbox } from "../../tools/sandbox.ts";
import type { Case } from "./case.ts";
import { TOOLS, type Tool } from "./cases.ts";
import { type Recorded, readRecording, recorded, recordingName, writeRecording } from "./recording.ts";

/*
 * The provider reads the answers of the tools as expected, and the answers are those of the recording of their version. With RECORD=1 the
 * recording is written. For a version without a recording, only the first part is tested.
 */

const RECORD = "RECORD=1 npx vitest run test/contract/record*.test.ts";
const records = process.env["RECORD"] === "1";

/** Declares the tests of the answers of tools. */
export function answersAsRecorded(tools: readonly Tool[]): void {
  describe.each(tools)("%s", async (tool) => {
    const { cases, version } = TOOLS[tool];
    const [program, ...args] = version;
    const name = recordingName(tool, await printedBy(program, ...args), await printedBy("uname", "-r"));
    const known = readRecording(name);
    const answers: Record<string, Recorded> = {};

    if (known === undefined && !records) console.warn(`There is no recording ${name}. To add it: ${RECORD}`);

    test.each(Object.entries<Case>(cases))("%s", async (title, { setup = [], ask, is }) => {
      await using host = await sandbox();
      for (const line of setup) {
        const [first = "", ...others] = line.split(" ");
        await host.run(first, ...others);
      }
      const read = await ask(async (argv, stdin) => {
        const outcome = await runOnce([...host.enter, ...argv], stdin);
        expect(answers, "a case has one command").not.toHaveProperty([title]);
        answers[title] = recorded(argv, stdin, outcome);
        return outcome;
      });
      expect(read).toEqual(is);
      if (known !== undefined && !records)
        expect(answers[title], `differs from ${name}. If it is meant to: ${RECORD}`).toEqual(known[title]);
    });

    afterAll(() => {
      if (records) writeRecording(name, answers);
    });
  });
}

async function printedBy(...argv: string[]): Promise<string> {
  await using host = await sandbox();
  return (await runOnce([...host.enter, "env", ...argv], undefined)).stdout;
}
