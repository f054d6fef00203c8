import { describe, expect, test } from "vitest";
import { batchErrorLine } from "../../provider/kernel/client/batch-line.ts";
import { UNKNOWN } from "../provider/kernel/client/fake.ts";
import type { Case } from "./case.ts";
import { TOOLS, type Tool } from "./cases.ts";
import { readRecording, recorded, recordedStderr, recordingsOf } from "./recording.ts";

/* The provider reads each recorded answer of every recorded version of the tools as the case expects. */

const recordings = (Object.keys(TOOLS) as Tool[]).flatMap((tool) =>
  recordingsOf(tool).map((name) => ({ name, tool, recording: readRecording(name) ?? {} })),
);

test("there is a recording of every tool", () => {
  expect(new Set(recordings.map(({ tool }) => tool))).toEqual(new Set(Object.keys(TOOLS)));
});

test("the fake session of other tests has the same error for its end marker as ip", () => {
  expect(recordedStderr("iproute2", "lines of the session on the lab host")).toContain(
    `${UNKNOWN}${batchErrorLine(2)}`,
  );
});

describe.each(recordings)("$name", ({ tool, recording }) => {
  const cases: Record<string, Case> = TOOLS[tool].cases;

  test("has an answer to each case, and no other", () => {
    expect(Object.keys(recording).sort()).toEqual(Object.keys(cases).sort());
  });

  test.each(Object.entries(cases))("%s", async (title, { ask, is }) => {
    const answer = recording[title];
    if (answer === undefined) throw new Error(`${title} is not recorded`);
    const { command, stdin, ...outcome } = answer;
    const read = await ask(async (argv, input) => {
      const asked = recorded(argv, input, outcome);
      expect([asked.command, asked.stdin], "the command is another than was recorded").toEqual([command, stdin]);
      return outcome;
    });
    expect(read).toEqual(is);
  });
});
