import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/*
 * A TCP proxy that delays data, for machines whose kernel has no netem. It runs in a sandbox, until its standard input ends:
 *
 *   node bench/delay.ts 10.77.0.1:2011=10.77.0.11:22@10
 *
 * accepts connections at 10.77.0.1:2011, and passes them on to 10.77.0.11:22 with 10 ms more for each round trip.
 */

/** A port of the proxy. */
export interface Delay {
  readonly host: string;
  readonly port: number;
  readonly to: { readonly host: string; readonly port: number };
  /** The additional round-trip time, in milliseconds. */
  readonly rtt: number;
}

/** A proxy that listens. */
export interface Proxy {
  readonly port: number;
  close(): void;
}

/** Listens at the port of a delay; at one that the kernel chooses if that is 0. */
export function listen({ host, port, to, rtt }: Delay): Promise<Proxy> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = dial({ ...to, allowHalfOpen: true, noDelay: true });
    pass(near, far, rtt / 2);
    pass(far, near, rtt / 2);
  });
  return new Promise((resolve) =>
    server.listen(port, host, () =>
      resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() }),
    ),
  );
}

/** Passes data on after a time. Timers of one duration end in the order in which they were set, so the data keeps its order. */
function pass(from: Socket, to: Socket, delay: number): void {
  const later = (work: () => void) => setTimeout(work, delay);
  from.on("data", (chunk) => later(() => to.writable && to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.destroySoon()));
}

/** Parses an argument of the command line. */
export function parseDelay(text: string): Delay {
  const [, host = "", port, far = "", farPort, rtt] = /^(.+):(\d+)=(.+):(\d+)@(\d+)$/.exec(text) ?? [];
  if (rtt === undefined) throw new Error(`${text} is not HOST:PORT=HOST:PORT@MILLISECONDS`);
  return { host, port: Number(port), to: { host: far, port: Number(farPort) }, rtt: Number(rtt) };
}

if (process.argv[1] === import.meta.filename) {
  await Promise.all(process.argv.slice(2).map((text) => listen(parseDelay(text))));
  console.log("{}");
  process.stdin.on("end", () => process.exit()).resume();
}
