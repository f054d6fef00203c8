import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { farProjectForAll, LAN_ON_TWO_HOSTS } from "../support/far-hosts.ts";

/* The page of `graph --serve` follows lab hosts that it reaches by ssh. test/browser/ has the page itself in a browser. */

const far = farProjectForAll("served", "lab1", "lab2");

const PROGRAM = `${LAN_ON_TWO_HOSTS}
import { Process } from "pulumi-netns";
new Process("talker", { namespace: lab2, command: ["sh", "-c", "echo hello; exec sleep 1000"] });
`;

let server: ChildProcess;
let url: string;
let events: ChildProcess;
/** The data of the events with pictures that the server has sent. */
const pictures: { readonly svg: string; readonly unreached: readonly string[] }[] = [];

beforeAll(async () => {
  await far.project.program(PROGRAM);
  await far.project.stack.up();
  await far.bed.host("lab2").stopSshd();
  server = inside(...far.words("graph", "--serve"));
  const [said] = (await once(server.stdout!, "data")) as [Buffer];
  [url = ""] = String(said).split("\n");
  events = inside("curl", "--silent", "--no-buffer", `${url}events`);
  let text = "";
  events.stdout?.on("data", (chunk) => {
    const parts = `${text}${String(chunk)}`.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const [, data = ""] = /^event: picture\ndata: (.*)$/.exec(part) ?? [];
      if (data !== "") pictures.push(JSON.parse(data));
    }
  });
});

afterAll(() => {
  events.kill();
  server.kill("SIGKILL");
});

/** Starts a command in the sandbox that has the ssh of the bed. */
function inside(...words: readonly string[]): ChildProcess {
  const [program = "", ...args] = [...far.bed.management.enter, ...words];
  return spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Sends a request to the server and returns the answer. */
const request = (path: string, ...args: string[]) =>
  far.bed.management.run("curl", "--silent", "--show-error", "--fail", ...args, `${url}${path}`);

const post = async (path: string, data: object = {}) =>
  JSON.parse(await request(path, "--request", "POST", "--data", JSON.stringify(data)));

test("the page names an unreachable lab host, and follows the kernels of the others", async () => {
  const [lab1, lab2] = [far.bed.host("lab1"), far.bed.host("lab2")];
  expect(await request("")).toContain("? lab2/blue");
  await lab1.run("ip", "-n", "red", "address", "add", "10.8.8.8/32", "dev", "office");
  await expect.poll(() => pictures.at(-1)?.svg, SOON).toContain("• 10.8.8.8/32");
  expect(pictures.at(-1)?.unreached).toEqual(["lab2"]);
  await lab2.run("ip", "-n", "blue", "address", "add", "10.9.9.9/32", "dev", "office");
  await lab2.startSshd();
  await expect.poll(() => pictures.at(-1)?.unreached, SOON).toEqual([]);
  expect(pictures.at(-1)?.svg).toContain("• 10.9.9.9/32");
  expect(pictures.at(-1)?.svg).not.toContain("? lab2/blue");
});

test("pings, traces, logs and captures work over ssh", async () => {
  const { pings } = await post("ping");
  expect(pings).toContainEqual(
    expect.objectContaining({ from: "lab1/red", to: "lab2/blue", address: "10.1.0.2", ms: expect.any(Number) }),
  );
  const { isAnswered, ports } = await post("trace", { from: "lab1/red", to: "lab2/blue" });
  expect(isAnswered).toBe(true);
  expect(ports).toEqual(expect.arrayContaining(["lab1/red/office", "lab2/blue/office"]));
  expect(await post("log", { process: "talker" })).toBe("hello\n");
  const file = `${far.project.folder}/blue.pcap`;
  const pinging = far.bed.host("lab1").run("ip", "netns", "exec", "red", "ping", "-q", "-i0.2", "-c25", "10.1.0.2");
  await request(`capture?port=${encodeURIComponent("lab2/blue/office")}`, "--output", file);
  await pinging;
  const { stdout } = await execa("tcpdump", ["-n", "-r", file]);
  expect(stdout).toMatch(/10\.1\.0\.1 > 10\.1\.0\.2: ICMP echo request/);
});

test("the server leaves no ssh process", async () => {
  server.kill("SIGINT");
  expect(await once(server, "exit")).toEqual([0, null]);
  await expect.poll(() => far.bed.clients(), SOON).toEqual([]);
});
