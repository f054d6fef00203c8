import { parseIp } from "../cidr.ts";
import { type Command, shellWords } from "../kernel/command.ts";
import { type KernelClient } from "../kernel/kernel.ts";
import { runQuery } from "../kernel/query.ts";
import type { Observed, Transition } from "../kind.ts";
import { withHelp } from "../message.ts";
import type { Plan } from "../plan.ts";
import { changes } from "../schema.ts";
import { valuesOf } from "../several.ts";
import { type NatArgs, natSchema } from "./nat-args.ts";

/*
 * Only the first packet of a flow is matched against the NAT rules. The kernel's connection tracking applies the result to the
 * other packets, so a flow keeps the translation of a rule that was changed or deleted, until it has been idle for a while.
 */

/** The parts of a rule's change that affect flows. */
type FlowChange = Transition<NatArgs, Observed<NatArgs> & { readonly rule: unknown }>;

/**
 * Plans to delete the flows that the former rules of a place have translated, so that their next packets are matched against the
 * rules again. The step never fails.
 */
export function deleteFlows(namespace: string | undefined, changed: readonly FlowChange[]): Plan {
  const ours = changed.flatMap(formerRule).filter((rule) => namespace !== undefined || isNarrow(rule));
  const filters = [...new Set(ours.flatMap(filtersOf).map((filter) => filter.join(" ")))];
  if (filters.length === 0) return [];
  const run: Command = {
    tool: "sh",
    namespace,
    args: ["-c", DELETE_SCRIPT, "pulumi-netns"],
    stdin: filters.map((filter) => `${filter}\n`).join(""),
    display: filters
      .map((filter) => shellWords([...within(namespace), "conntrack", "--delete", ...filter.split(" ")]))
      .join("\n"),
  };
  return [{ run, tolerate: ["absent"] }];
}

/**
 * Returns a warning, once per place, that flows keep their translation because the program that deletes them is not installed.
 * Undefined if it is installed, or if there are no flows.
 */
export async function staleFlowWarning(
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<string | undefined> {
  const warned = warnedPlaces.get(kernel) ?? new Set();
  warnedPlaces.set(kernel, warned);
  if (warned.has(namespace)) return undefined;
  warned.add(namespace);
  const command: Command = {
    tool: "sh",
    namespace,
    args: ["-c", `command -v conntrack >/dev/null || cat ${FLOW_COUNT} 2>/dev/null || true`, "pulumi-netns"],
    display: shellWords([...within(namespace), "cat", FLOW_COUNT]),
    query: true,
  };
  const flows = (await runQuery(kernel, command))?.trim();
  if (flows === undefined || flows === "" || flows === "0") return undefined;
  return withHelp(
    `existing flows ${namespace === undefined ? "on the lab host" : `in namespace ${namespace}`} keep the translation of a ` +
      "NAT rule that was changed or deleted: the program conntrack, which ends them, is not installed",
    "install the package conntrack (on some systems conntrack-tools), or wait: a UDP flow ends after 30 to 120 seconds " +
      "without packets",
  );
}

const warnedPlaces = new WeakMap<KernelClient, Set<string | undefined>>();

/** The file with the number of flows of a place. */
const FLOW_COUNT = "/proc/sys/net/netfilter/nf_conntrack_count";

/** Each line of input is one filter. Its words are addresses, numbers or options, none of which contains a blank. */
const DELETE_SCRIPT = `
command -v conntrack >/dev/null || exit 0
[ "$(cat ${FLOW_COUNT} 2>/dev/null || echo 0)" != 0 ] || exit 0
set -f
while read -r filter; do conntrack --delete $filter; done >/dev/null 2>&1
exit 0`;

/** Returns the rule that a change removes; none if only its position in the order changes. */
function formerRule({ seen, was, desired }: FlowChange): NatArgs[] {
  const rule = seen?.rule === undefined ? undefined : (seen.state ?? was);
  if (rule === undefined || rule.exclude) return [];
  const stays = desired !== undefined && changes(natSchema, rule, { ...desired, after: rule.after }).length === 0;
  return stays ? [] : [rule];
}

/**
 * Returns whether a rule's own addresses identify the flows that it has translated. On the lab host there are also flows that
 * other programs, such as Docker, have translated.
 */
const isNarrow = ({ source, destination, toAddress }: NatArgs): boolean =>
  [source, destination, oneAddress(toAddress)].some(
    (addresses) => addresses !== undefined && valuesOf(addresses).every((address) => !address.endsWith("/0")),
  );

/** Returns the filters for the flows that a rule has translated, one per family of the rule and per combination of the values of its lists. */
const filtersOf = (rule: NatArgs): string[][] =>
  FAMILIES.filter(({ of }) => rule.family === undefined || rule.family === "inet" || rule.family === of).flatMap(
    ({ name }) => matches(rule).map((match) => ["--family", name, ...match, ...translation(rule)]),
  );

const FAMILIES = [
  { of: "ip", name: "ipv4" },
  { of: "ip6", name: "ipv6" },
] as const;

/** Returns options for the original packets. Flows do not record interfaces, and a filter does not accept a range of ports. */
const matches = ({ protocol, source, destination, sourcePort, destinationPort }: NatArgs): string[][] =>
  [
    options("--proto", valuesOf(protocol)),
    options("--orig-src", valuesOf(source)),
    options("--orig-dst", valuesOf(destination)),
    options("--orig-port-src", singlePorts(sourcePort)),
    options("--orig-port-dst", singlePorts(destinationPort)),
  ].reduce((all, next) => all.flatMap((one) => next.map((more) => [...one, ...more])), [[]]);

/** Returns options for the translated address and port, which replies come from or go to. A filter does not accept a range. */
const translation = ({ type, toAddress, toPort }: NatArgs): string[] =>
  type === "dnat" || type === "redirect"
    ? ["--dst-nat", ...option("--reply-src", oneAddress(toAddress)), ...option("--reply-port-src", onePort(toPort))]
    : ["--src-nat", ...option("--reply-dst", oneAddress(toAddress)), ...option("--reply-port-dst", onePort(toPort))];

const option = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

/** Returns an option with each of some values; without values, one choice that is no option. */
const options = (name: string, values: readonly (string | number)[]): string[][] =>
  values.length === 0 ? [[]] : values.map((value) => option(name, value));

const oneAddress = (pool: string | undefined): string | undefined =>
  parseIp(pool ?? "") === undefined ? undefined : pool;

const onePort = (port: string | number | undefined): number | undefined =>
  typeof port === "number" ? port : undefined;

/** Returns ports; none if there is a range among them. */
const singlePorts = (ports: NatArgs["sourcePort"]): readonly number[] => {
  const all = valuesOf(ports).map(onePort);
  return all.every((port) => port !== undefined) ? all : [];
};

const within = (namespace: string | undefined): string[] =>
  namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
