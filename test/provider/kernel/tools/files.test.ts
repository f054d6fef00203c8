import { describe, expect, test } from "vitest";
import { snapshotsOf } from "../../../../provider/kernel/client/snapshot.ts";
import type { Command } from "../../../../provider/kernel/command.ts";
import { oneByOne } from "../../../../provider/kernel/kernel.ts";
import { readFiles } from "../../../../provider/kernel/tools/files.ts";
import { fails } from "../../script.ts";

/** Returns a kernel whose files contain the place where they were read. */
function kernel(answer: (place: string) => ReturnType<typeof fails>) {
  const asked: Command[] = [];
  const it = oneByOne(async (command) => {
    asked.push(command);
    return answer(command.namespace ?? "host");
  });
  return { asked, it };
}

const said = (stdout: string) => ({ code: 0, stdout, stderr: "" });

describe("files of a pattern", () => {
  test("are read by a constant script that gets the patterns as words", async () => {
    const { asked, it } = kernel(() => said(""));
    await readFiles(it, "red", ["/a/*/x", "/b"]);
    expect(asked).toEqual([
      {
        tool: "sh",
        namespace: "red",
        args: ["-c", "grep -Hs '' $*; :", "pulumi-netns", "/a/*/x", "/b"],
        display: "ip netns exec red grep -s '' /a/*/x /b",
        query: true,
      },
    ]);
  });

  test.each([
    [
      "one line each",
      "/a/eth0/x:1\n/b:0\n",
      [
        ["/a/eth0/x", "1"],
        ["/b", "0"],
      ],
    ],
    ["colons in their contents", "/a/x:1:2\n", [["/a/x", "1:2"]]],
    ["empty contents", "/a/x:\n", [["/a/x", ""]]],
    ["no matching file", "", []],
  ])("are returned with %s", async (_what, stdout, files) => {
    const { it } = kernel(() => said(stdout));
    expect(await readFiles(it, undefined, ["/a/*"])).toEqual(files.map(([path, text]) => ({ path, text })));
  });

  test("are an empty list in a missing namespace", async () => {
    const { it } = kernel(() => fails('Cannot open network namespace "red": No such file or directory', 1));
    expect(await readFiles(it, "red", ["/a/*"])).toEqual([]);
  });

  test("are those of each place, also in concurrent reads", async () => {
    const { it, asked } = kernel((place) => said(`/a/x:${place}\n`));
    const glance = snapshotsOf(it, 0);
    const places = ["red", "blue", undefined, "red"];
    const texts = await Promise.all(places.map((place) => glance((shared) => readFiles(shared, place, ["/a/*"]))));
    expect(texts.map(([file]) => file?.text)).toEqual(["red", "blue", "host", "red"]);
    expect(asked).toHaveLength(3);
  });
});
