import { declaredIn } from "../../inspect/declared.ts";
import type { LabHostCommand } from "../../inspect/lab-host.ts";
import type { openLabHosts } from "../../inspect/lab-hosts.ts";
import { pingAll } from "../../inspect/ping.ts";
import { type Place, placeAt, placeParts } from "../../inspect/place.ts";
import type { StackView } from "../../inspect/stack.ts";
import { addressesOf, hostsOf } from "../../inspect/stack-hosts.ts";
import { addressesIn, findLink } from "../../inspect/stack-links.ts";
import { findProcess } from "../../inspect/stack-processes.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { watchKernel } from "../../inspect/watch.ts";
import { html } from "../../picture/html.ts";
import type { PagePicture, PagePings, PageTrace } from "../../picture/page/live-types.ts";
import { pageData } from "../../picture/page/nodes.ts";
import { svg } from "../../picture/svg.ts";
import type { Topology } from "../../picture/topology.ts";
import { findTraceTargets } from "../find-targets.ts";
import { AS_IN_STATE, liveTopology } from "../live-topology.ts";
import { findHost, hostsInKernel } from "../namespaces.ts";
import { answerersOf } from "../other-answers.ts";
import { tcpdumpWords } from "../tcpdump.ts";
import { countersOf, everySecond } from "./counters.ts";
import { gather } from "./gather.ts";
import { pagePings } from "./page-pings.ts";
import { pageTrace } from "./page-trace.ts";

/** A message to the page: a changed picture, the rates of the interfaces, or an error (`trouble`). */
export interface LiveEvent {
  readonly event: "picture" | "rates" | "trouble";
  readonly data: unknown;
}

/** A stack whose page follows the kernel. */
export interface LiveLab {
  /** Returns the page as it is now. */
  page(): Promise<string>;
  /** Calls a function with each change from now on, until the returned function is called. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Pings all hosts from all others. */
  ping(): Promise<PagePings>;
  /** Traces a ping from a host to another host or an address. */
  trace(from: string, to: string): Promise<PageTrace>;
  /** Returns the last lines of the log of a process. */
  log(process: string): Promise<string>;
  /** Returns the command that writes the packets of an interface to standard output, as a pcap file. */
  capture(port: string): Promise<LabHostCommand>;
  /** Ends the watch of the kernel and of the state, and the connections to lab hosts. */
  close(): void;
}

/** A stack with its secrets hidden, as the page shows it, and with its secrets, to compare it with the kernel. */
export interface Twofold {
  readonly shown: StackView;
  readonly revealed: StackView;
}

/** Where the live picture of a stack comes from. */
export interface LiveSource {
  /** Opens lab hosts by their addresses. */
  readonly open: typeof openLabHosts;
  /** The stack as it is now in its state. */
  readonly first: Twofold;
  /** Reads the stack from its state. */
  readonly read: () => Promise<Twofold>;
  /** Calls a function when the state may have changed, until the returned function is called. */
  readonly watchState: (onChange: () => void) => () => void;
}

/** Opens the live picture of a stack. */
export async function openLiveLab({ open, first, read, watchState }: LiveSource): Promise<LiveLab> {
  let { shown, revealed } = first;
  let hosts = open(addressesOf(shown));
  const title = `${shown.project} / ${shown.stack}, live`;
  const listeners = new Set<(event: LiveEvent) => void>();
  const send = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const look = () => liveTopology(hosts, shown, revealed);
  let last = "";
  const update = async (): Promise<void> => {
    try {
      const topology = await look();
      const text = JSON.stringify(topology);
      if (text === last) return;
      last = text;
      const data: PagePicture = {
        ...{ svg: await svg(topology, title), lab: pageData(topology, AS_IN_STATE) },
        unreached: unreachedIn(topology),
      };
      send({ event: "picture", data });
    } catch (error) {
      send({ event: "trouble", data: error instanceof Error ? error.message : String(error) });
    }
  };
  const updateSoon = gather(update);
  const watchHere = () =>
    watchKernel(
      [undefined, ...hostsOf(shown).flatMap(({ host, namespace }) => (host === undefined ? [namespace] : []))],
      updateSoon,
    );
  let watched = await watchHere();
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  const reread = async (): Promise<void> => {
    try {
      const next = await read();
      if (isClosed() || JSON.stringify(next) === JSON.stringify({ shown, revealed })) return;
      const isMoved = JSON.stringify([...addressesOf(next.shown)]) !== JSON.stringify([...addressesOf(shown)]);
      ({ shown, revealed } = next);
      if (isMoved) {
        hosts.close();
        hosts = open(addressesOf(shown));
      }
      const former = watched;
      watched = await watchHere();
      former.close();
      if (isClosed()) watched.close();
      else updateSoon();
    } catch (error) {
      send({ event: "trouble", data: error instanceof Error ? error.message : String(error) });
    }
  };
  const stopState = watchState(gather(reread));
  const stopRates = everySecond(
    countersOf(() => watched.processes()),
    (data) => send({ event: "rates", data }),
  );
  // The kernel of another lab host reports nothing to this machine, so its objects are read again.
  const timer = setInterval(() => {
    if (listeners.size > 0 && hosts.names.some((name) => name !== undefined)) updateSoon();
  }, FAR_MS);

  return {
    async page() {
      const topology = await look();
      // Which lab hosts cannot be reached, a page learns with the first picture that it receives.
      last = unreachedIn(topology).length === 0 ? JSON.stringify(topology) : "";
      return html(topology, title, AS_IN_STATE, { live: true });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async ping() {
      const { present } = await hostsInKernel(shown, hosts);
      const nameOf = new Map(present.map((host) => [placeAt(host), host.name]));
      const declared = (place: Place) => addressesIn(shown, placeParts(place));
      const pings = await pingAll(hosts.all, [...nameOf.keys()], undefined, undefined, { declared });
      const answerers = await answerersOf({ view: shown, hosts }, pings);
      return { hosts: hostsOf(shown).map(({ name }) => name), pings: pagePings(pings, answerers, nameOf) };
    },
    async trace(sender, to) {
      const { addresses, target } = await findTraceTargets({ view: shown, hosts }, to);
      const [address = ""] = addresses;
      const from = placeAt(findHost(shown, sender));
      return pageTrace(await trace(hosts.all, from, address, { target, declared: declaredIn(revealed) }));
    },
    async log(process) {
      const { host, log } = findProcess(shown, process);
      const { stdout } = await hosts.on(host).run(undefined, "tail", "-n", LOG_LINES, "--", log);
      return stdout;
    },
    async capture(port) {
      const given = port.startsWith("/") ? `host${port}` : port.replace("//", "/");
      const { host, namespace, name } = findLink(shown, given);
      const { words } = await tcpdumpWords(hosts.on(host), host, name, { write: "-" });
      return hosts.on(host).command(namespace, words);
    },
    close() {
      closing.abort();
      clearInterval(timer);
      stopState();
      stopRates();
      watched.close();
      hosts.close();
    },
  };
}

/** The time between two reads of other lab hosts, in milliseconds. */
const FAR_MS = 5000;

/** The number of lines of a process's log that the page shows. */
const LOG_LINES = "5";

/** Returns the names of the lab hosts that cannot be reached. */
const unreachedIn = ({ places }: Topology): string[] => [
  ...new Set(places.flatMap(({ mark, host }) => (mark === "unknown" ? [host ?? ""] : []))),
];
