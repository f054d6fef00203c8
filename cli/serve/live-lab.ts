import { readFile } from "node:fs/promises";
import type { LabHosts } from "../../inspect/lab-hosts.ts";
import { pingAll } from "../../inspect/ping.ts";
import { type Place, placeAt } from "../../inspect/place.ts";
import type { StackView } from "../../inspect/stack.ts";
import { hostsOf } from "../../inspect/stack-hosts.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { watchKernel } from "../../inspect/watch.ts";
import { html } from "../../picture/html.ts";
import type { PagePicture, PagePings, PageTrace } from "../../picture/page/live-types.ts";
import { pageData } from "../../picture/page/nodes.ts";
import { svg } from "../../picture/svg.ts";
import { findTargets } from "../find-targets.ts";
import { AS_IN_STATE, liveTopology } from "../live-topology.ts";
import { findHost, hostsInKernel } from "../namespaces.ts";
import { type Counters, countersIn, ratesBetween } from "./rates.ts";

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
  /** Ends the watch of the kernel. */
  close(): void;
}

/**
 * Opens the live picture of a stack.
 *
 * @param shown The stack with its secrets hidden, as the page shows it.
 * @param revealed The same stack with its secrets, to compare it with the kernel.
 */
export async function openLiveLab(hosts: LabHosts, shown: StackView, revealed: StackView): Promise<LiveLab> {
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
      const data: PagePicture = { svg: await svg(topology, title), lab: pageData(topology, AS_IN_STATE) };
      send({ event: "picture", data });
    } catch (error) {
      send({ event: "trouble", data: error instanceof Error ? error.message : String(error) });
    }
  };
  // Another lab host is read when something changes on this machine, and when the page is opened.
  const here = hostsOf(shown).flatMap(({ host, namespace }) => (host === undefined ? [namespace] : []));
  const watched = await watchKernel([undefined, ...here], gather(update));
  const stopRates = everySecond(countersOf(watched.processes), send);

  return {
    async page() {
      const topology = await look();
      last = JSON.stringify(topology);
      return html(topology, title, AS_IN_STATE, { live: true });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async ping() {
      const { present } = await hostsInKernel(shown, hosts);
      const nameOf = new Map(present.map((host) => [placeAt(host), host.name]));
      const pings = await pingAll(hosts.all, [...nameOf.keys()]);
      return {
        hosts: hostsOf(shown).map(({ name }) => name),
        pings: pings.map(({ from, to, address, ms = null, unsent }) => ({
          ...{ from: nameOf.get(from) ?? "", to: nameOf.get(to) ?? "", address, ms, unsent },
        })),
      };
    },
    async trace(from, to) {
      const [target = ""] = await findTargets({ view: shown, hosts }, to);
      const found = await trace(hosts.all, placeAt(findHost(shown, from)), target);
      const passed = [...found.there, ...found.back].flatMap((hop) =>
        [hop.in, hop.out].flatMap((link) => (link === undefined ? [] : [`${hop.place ?? ""}/${link}`])),
      );
      return { text: showTrace(found), isAnswered: found.outcome.kind === "answered", ports: [...new Set(passed)] };
    },
    close() {
      stopRates();
      watched.close();
    },
  };
}

/** Returns a function that starts `work` after a short delay: once for several calls, and never while it still runs. */
function gather(work: () => Promise<void>): () => void {
  let isDue = false;
  let isBusy = false;
  const run = (): void => {
    isBusy = true;
    isDue = false;
    void work().then(() => {
      isBusy = false;
      if (isDue) setTimeout(run, GATHER_MS);
    });
  };
  return () => {
    if (!isDue && !isBusy) setTimeout(run, GATHER_MS);
    isDue = true;
  };
}

/** The delay before a batch of changes is processed, in milliseconds: one command often causes several. */
const GATHER_MS = 150;

/** Returns a function that reads the counters of all places, each from `/proc/PID/net/dev` of a process in it. */
const countersOf = (processes: () => ReadonlyMap<Place, number>) => async (): Promise<Counters> =>
  new Map(
    (
      await Promise.all(
        [...processes()].map(async ([place, pid]) => {
          const text = await readFile(`/proc/${pid}/net/dev`, "utf8").catch(() => "");
          return countersIn(text).map(([link, bytes]) => [`${place ?? ""}/${link}`, bytes] as const);
        }),
      )
    ).flat(),
  );

/** Sends the rates once a second if they have changed, until the returned function is called. */
function everySecond(read: () => Promise<Counters>, send: (event: LiveEvent) => void): () => void {
  let before: { readonly at: number; readonly counters: Counters } | undefined;
  let last = "";
  const tick = async (): Promise<void> => {
    const now = { at: performance.now(), counters: await read() };
    const rates = before === undefined ? {} : ratesBetween(before, now);
    before = now;
    if (JSON.stringify(rates) === last) return;
    last = JSON.stringify(rates);
    send({ event: "rates", data: rates });
  };
  const timer = setInterval(() => void tick(), 1000);
  return () => clearInterval(timer);
}
