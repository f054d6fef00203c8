import type { Command } from "./kernel/command.ts";

/** Returns what to do after a program of a lab failed: the rest of such a message is its output, and not an answer of the kernel. */
export function programAdvice(command: Command, said: string): string | undefined {
  const advice = adviceBy(said);
  const remedy = command.tool === "ip" ? undefined : command.remedy;
  return advice === undefined || remedy === undefined ? advice : `${advice}. ${remedy}`;
}

function adviceBy(said: string): string | undefined {
  const [, absent] = /^the program ended [^]*^pulumi-netns: (\S+) ended with exit code 127$/m.exec(said) ?? [];
  return absent === undefined
    ? PROGRAM_ADVICE.find(([pattern]) => pattern.test(said))?.[1]
    : `install ${absent} with the package manager of the lab host, or give the path of the program`;
}

const TRACE = 'A shell prints each command that it runs with -x: ["sh", "-exc", "…"]';

const PROGRAM_ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^cwd: the folder /, "correct cwd, or create the folder on the lab host first, for example by a Command"],
  [/^log: .* is a folder$/m, "set log to the path of a file"],
  // Its last line is that of its keeper.
  [
    /^the program ended (at once|before it was ready)\. Last lines of [^\n]+:(\npulumi-netns: [^\n]+ ended with exit code \d+)?\s*$/,
    `the program printed nothing that tells why. ${TRACE}. The program of a Process must run as long as the lab exists`,
  ],
  [
    /^the program ended (at once|before it was ready)\. Last lines of /,
    "fix the error that these lines show. The program of a Process must run as long as the lab exists",
  ],
  [
    /^the program is not ready after [^\n]*; its own [A-Z]+ ports: /,
    "set ready to the port of the program, or correct its port",
  ],
  [
    /^the program is not ready after .*\. It has printed nothing\s*$/,
    `raise ready.timeout, or see why it waits. ${TRACE}`,
  ],
  [/^the program is not ready after /, "fix the error that these lines show, or raise ready.timeout"],
  [/^the command ended with exit code \d+\. It printed nothing\s*$/, `see where it fails. ${TRACE}`],
  [/^the command ended with exit code /, "fix the error that its output shows"],
  [/^the command was still running after /, "raise its timeout. A program that runs as long as the lab is a Process"],
];
