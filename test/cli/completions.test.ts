import { expect, test } from "vitest";
import { completions } from "../../cli/completions.ts";
import { makeProgram } from "../../cli/program.ts";

/** Returns the words that are offered for the last word of a line, on a stack with a few names. */
const offered = async (line: string): Promise<string[]> => {
  const all = await completions(
    makeProgram(),
    line.split(" ").slice(1),
    (what, { stack = "dev", cwd = "." }, previous) =>
      Promise.resolve(
        what === "links"
          ? ["wire", "wire.a"]
          : what === "interfaces"
            ? [`eth0-of-${previous}`]
            : [`red-of-${stack}-in-${cwd}`, "host"],
      ),
  );
  return all.map(({ word }) => word);
};

test.each([
  ["pulumi-netns s", ["status", "shell", "sandbox"]],
  ["pulumi-netns --v", ["--version"]],
  ["pulumi-netns help ex", ["exec"]],
  ["pulumi-netns clean --f", ["--force"]],
  ["pulumi-netns graph --format ", ["svg", "html", "mermaid"]],
  ["pulumi-netns graph --stack dev -f h", ["html"]],
  ["pulumi-netns graph --output ", []],
  ["pulumi-netns completion ", ["bash", "zsh", "fish"]],
  ["pulumi-netns completion bash ", []],
  ["pulumi-netns shell r", ["red-of-dev-in-."]],
  ["pulumi-netns shell -s prod --cwd /lab ", ["red-of-prod-in-/lab", "host"]],
  ["pulumi-netns shell red ", []],
  ["pulumi-netns trace red h", ["host"]],
  ["pulumi-netns trace red blue ", ["tcp", "udp"]],
  ["pulumi-netns trace red blue tcp ", []],
  ["pulumi-netns link down red ", ["eth0-of-red"]],
  ["pulumi-netns impair red --delay 1ms e", ["eth0-of-red"]],
  ["pulumi-netns ping --wait 3 red ", ["red-of-dev-in-.", "host"]],
  ["pulumi-netns capture wire", ["wire", "wire.a"]],
  ["pulumi-netns capture wire ", []],
  ["pulumi-netns exec ", ["red-of-dev-in-.", "host"]],
  ["pulumi-netns exec --all ", []],
  ["pulumi-netns exec red -- --", []],
  ["pulumi-netns exce ", []],
])("the words for %s", async (line, words) => {
  expect(await offered(line)).toEqual(words);
});

test("an option is offered with its description", async () => {
  const all = await completions(makeProgram(), ["status", "-"], () => Promise.resolve([]));
  expect(all).toContainEqual({ word: "--json", description: "print JSON" });
  expect(all.map(({ word }) => word)).toEqual(expect.arrayContaining(["--stack", "-s", "--cwd", "-C", "--help", "-h"]));
});
