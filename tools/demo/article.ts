import type { Answer, Sandbox } from "../sandbox.ts";
import type { World } from "../world.ts";

/** One step of the article: a configuration, and the commands to try after it. */
export interface Stage {
  readonly row: string;
  readonly title: string;
  readonly config: Record<string, string | number | boolean>;
  readonly trials: readonly Trial[];
}

/** A command to try, and the expected output. */
export interface Trial {
  readonly command: string;
  readonly says: string;
  readonly expect: (answer: Answer, host: Sandbox, around: World) => boolean | Promise<boolean>;
}

export const stages: readonly Stage[] = [
  {
    row: "S1",
    title: "Two namespaces",
    config: { stage: 1 },
    trials: [
      { command: "ip netns", says: "red and blue are there", expect: shows(/^red/m, /^blue/m) },
      {
        command: "ip -n red -brief link",
        says: "red has a loopback interface of its own, and none of the host's",
        expect: ({ stdout }) => /^lo\b.*UP/.test(stdout) && stdout.split("\n").length === 1,
      },
      { command: "ip -n red neighbour", says: "red's ARP table is its own, and empty", expect: isEmpty },
      { command: "ip -n red route", says: "red's routing table is its own, and empty", expect: isEmpty },
    ],
  },
  {
    row: "S2",
    title: "A cable between them",
    config: { stage: 2 },
    trials: [
      { command: ping("red", "192.168.15.2"), says: "red reaches blue", expect: answered },
      {
        command: "ip -n red neighbour",
        says: "red has learnt blue's MAC address",
        expect: knows("192.168.15.2", "blue", "veth-blue"),
      },
      {
        command: "ip -n blue neighbour",
        says: "blue has learnt red's MAC address",
        expect: knows("192.168.15.1", "red", "veth-red"),
      },
      { command: "ip neighbour", says: "the lab host knows nothing of either", expect: hides(/192\.168\.15\./) },
      { command: "ip -brief link", says: "the lab host has no link of theirs", expect: hides(/veth/) },
      { command: ping(undefined, "192.168.15.1"), says: "the lab host does not reach red yet", expect: lost },
    ],
  },
  {
    row: "S3",
    title: "A switch in the cable's place",
    config: { stage: 3 },
    trials: [
      {
        command: "ip -brief link show master v-net-0",
        says: "both cables end in the bridge",
        expect: shows(/^veth-red-br/m, /^veth-blue-br/m),
      },
      { command: ping("red", "192.168.15.2"), says: "red reaches blue over the bridge", expect: answered },
      { command: ping("blue", "192.168.15.1"), says: "blue reaches red over the bridge", expect: answered },
      {
        command: ping(undefined, "192.168.15.1"),
        says: "the lab host reaches red, now that the bridge has an address",
        expect: answered,
      },
      { command: ping("blue", "192.168.1.3"), says: "blue knows no way to the LAN", expect: unreachable },
    ],
  },
  {
    row: "S4",
    title: "A route to the LAN, and no address translation",
    config: { stage: 4, nat: false },
    trials: [
      {
        command: "ip -n blue route",
        says: "blue has a route to the LAN",
        expect: shows(/^192\.168\.1\.0\/24 via 192\.168\.15\.5/m),
      },
      {
        command: ping("blue", "192.168.1.3"),
        says: "packets get there from blue's own address, and no answer finds the way back",
        expect: async (answer, _host, around) => lost(answer) && (await around.pingsSeenInLan("192.168.15.2")) === 1,
      },
    ],
  },
  {
    row: "S4",
    title: "Address translation on the lab host",
    config: { stage: 4, nat: true },
    trials: [
      {
        command: "nft list ruleset",
        says: "one rule, in a table of the stack's own",
        expect: shows(/ip saddr 192\.168\.15\.0\/24 masquerade/),
      },
      {
        command: ping("blue", "192.168.1.3"),
        says: "the LAN answers: it sees the lab host's address as the source",
        expect: async (answer, _host, around) =>
          answered(answer) && (await around.pingsSeenInLan(around.hostInLan)) === 1,
      },
      { command: ping("blue", "8.8.8.8"), says: "blue knows no way to the internet", expect: unreachable },
    ],
  },
  {
    row: "S5",
    title: "A default route to the internet",
    config: { stage: 5 },
    trials: [
      {
        command: "ip -n blue route",
        says: "the default route is there, and the one to the LAN is gone",
        expect: (answer) => shows(/^default via 192\.168\.15\.5/m)(answer) && hides(/192\.168\.1\.0/)(answer),
      },
      { command: ping("blue", "8.8.8.8"), says: "blue reaches the internet", expect: answered },
      { command: ping("red", "8.8.8.8"), says: "red reaches the internet", expect: answered },
      { command: ping("blue", "192.168.1.3"), says: "the LAN needs no route of its own any more", expect: answered },
    ],
  },
];

function ping(from: string | undefined, to: string): string {
  const command = `ping -c1 -W1 ${to}`;
  return from === undefined ? command : `ip netns exec ${from} ${command}`;
}

function answered({ code }: Answer): boolean {
  return code === 0;
}

function lost({ code, stdout }: Answer): boolean {
  return code !== 0 && stdout.includes("100% packet loss");
}

function unreachable({ code, stdout, stderr }: Answer): boolean {
  return code !== 0 && `${stdout}${stderr}`.includes("Network is unreachable");
}

function isEmpty({ code, stdout }: Answer): boolean {
  return code === 0 && stdout === "";
}

function shows(...all: RegExp[]) {
  return ({ code, stdout }: Answer): boolean => code === 0 && all.every((part) => part.test(stdout));
}

function hides(part: RegExp) {
  return ({ code, stdout }: Answer): boolean => code === 0 && !part.test(stdout);
}

function knows(address: string, place: string, link: string) {
  return async ({ stdout }: Answer, host: Sandbox): Promise<boolean> => {
    const [{ address: mac } = { address: "" }] = await host.ip("-n", place, "link", "show", "dev", link);
    return stdout.includes(`${address} dev`) && stdout.includes(`lladdr ${mac} `);
  };
}
