import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

/** The test files whose kinds the running kernel lacks, and the kernel that has them. */
export interface Elsewhere {
  readonly files: readonly string[];
  /** The features that the running kernel lacks. */
  readonly missing: readonly string[];
  /** The folder of the kernel for the virtual machine; without it these files cannot run on this machine. */
  readonly kernel: string | undefined;
}

/**
 * Returns the test files that cannot run on the running kernel. A test file names the features of the kernel that it needs in a line
 * such as `// @kernel vlan, bond`.
 */
export function elsewhere(): Elsewhere {
  const needs = new Map(
    globSync("test/{contract,kinds,engine}/*.test.ts", { cwd: PROJECT }).map(
      (file) => [file, needsOf(`${PROJECT}${file}`)] as const,
    ),
  );
  const missing = [...new Set([...needs.values()].flat())].filter((feature) => !has(feature)).toSorted();
  const files = [...needs].filter(([, features]) => features.some((feature) => missing.includes(feature)));
  const built = `${PROJECT}.tools/kernel`;
  return { files: files.map(([file]) => file), missing, kernel: existsSync(built) ? realpathSync(built) : undefined };
}

/** Returns the features that the kernel of this process's labs lacks: none if they are in the virtual machine. */
export const lackedByTests = (): readonly string[] =>
  process.env["TESTS_IN_VIRTUAL_MACHINE"] === undefined ? elsewhere().missing : [];

function needsOf(file: string): string[] {
  const [, features] = /^\/\/ @kernel (.+)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return features?.split(", ") ?? [];
}

/** How each feature is asked for, in a network namespace that is thrown away. */
const PROBES: Readonly<Record<string, string>> = {
  bond: "ip link add name x type bond",
  dummy: "ip link add name x type dummy",
  "fq-codel": "tc qdisc add dev lo root fq_codel",
  geneve: "ip link add name x type geneve id 1 remote 10.0.0.1",
  ipvlan: "ip link add name y type veth && ip link add name x link y type ipvlan",
  netem: "tc qdisc add dev lo root netem",
  tunnel: "ip link add name x type gre local 10.0.0.1 remote 10.0.0.2",
  vlan: "ip link add name y type veth && ip link add name x link y type vlan id 1",
  "vlan-filtering": "ip link add name x type bridge vlan_filtering 1",
  vnifilter: "ip link add name x type vxlan external vnifilter dstport 4789",
  vrf: "ip link add name x type vrf table 10",
  wireguard: "ip link add name x type wireguard",
};

function has(feature: string): boolean {
  const probe = PROBES[feature];
  if (probe === undefined) throw new Error(`no probe for the feature ${feature} of a kernel`);
  try {
    execFileSync("unshare", ["--user", "--map-root-user", "--net", "sh", "-c", probe], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

// The set-up asks which features are missing.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(elsewhere().missing.join(", "));
