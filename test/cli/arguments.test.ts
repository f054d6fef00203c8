import { expect, test } from "vitest";
import { makeProgram } from "../../cli/program.ts";

// These are refused before a command reads a stack, so no process is needed. The test files of the commands run a real process.

/** Returns the error of a command that is refused, as `pulumi-netns` prints it. */
async function refusalOf(words: readonly string[]): Promise<string> {
  const program = makeProgram();
  let said = "";
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    return said || `error: ${(error as Error).message}`;
  }
  throw new Error(`${words.join(" ")} was not refused`);
}

test.each([
  [["exec", "red"], /^error: missing argument: command\n {2}help: for example: pulumi-netns exec red -- ip address$/],
  [
    ["exec"],
    /^error: missing arguments: host and command\n {2}help: for example: pulumi-netns exec red -- ip address$/,
  ],
  [["exec", "--all"], /^error: missing argument: command\n {2}help: for example: pulumi-netns exec --all -- ip route$/],
  [["exec", "red", "ping", "-c1"], /^error: unknown option '-c1'\n\(options of the command come after a --,/],
  [["status", "--cwd", "/nowhere"], /^error: folder \/nowhere does not exist$/],
  [["ping", "--network", "10.0.0.1/8"], /Use a network, e\.g\. 10\.255\.0\.0\/16 or fd00::\/64/],
  [["ping", "red", "blue", "--size", "-1"], /Use a number of bytes up to 65507/],
  [["ping", "red", "blue", "--wait", "no"], /Use a number of seconds up to 30, e\.g\. 0\.5 or 3/],
  [
    ["capture", "red-wire", "--count", "none"],
    /^error: option '-c, --count <packets>' argument 'none' is invalid\. Use a number/,
  ],
  [["link", "sideways", "red", "veth-red"], /Allowed choices are down, up/],
  [["impair", "red", "veth-red"], /^error: impair takes settings, or --off\n/],
  [["impair", "red", "veth-red", "--off", "--loss", "1%"], /^error: impair takes settings, or --off\n/],
  [["impair", "red", "veth-red", "--delay", "80"], /^error: delay: "80" is not a delay: it is text without a unit/],
  [["impair", "red", "veth-red", "--jitter", "8ms"], /jitter: "8ms" is longer than the delay, which is missing/],
  [["graph", "--output", "lab.png"], /lab\.png has no known ending of a picture\n {2}help: use \.svg, \.html/],
  [
    ["graph", "--output", "lab/a.svg", "--format", "mermaid"],
    /^error: --format mermaid does not suit lab\/a\.svg, whose ending is that of svg\n {2}help: leave out --format, or use another ending, e\.g\. --output a\.mmd$/,
  ],
  [["trace", "red", "blue", "icmp"], /'icmp' is invalid for argument 'protocol'\. Allowed choices are tcp, udp\./],
  [["graph", "--live", "--preview"], /option '--preview' cannot be used with option '--live'/],
])("the error about %j explains it", async (words, message) => {
  expect(await refusalOf(words)).toMatch(message);
});

// `complete` is hidden: the shells run it.
const documented = makeProgram().commands.filter((command) => command.name() !== "complete");

test.each(documented.map((command) => [command.name(), command] as const))(
  "%s has examples in its help",
  (name, command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`^Examples:\\n {2}\\$ .*pulumi-netns ${name}`, "m"));
  },
);
