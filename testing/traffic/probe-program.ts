/**
 * The program of a probe: it listens on a port, or sends to one. It runs in the network namespaces of a lab, so it loads nothing but Node.
 *
 * `listen tcp|udp inet|inet6 PORT` prints `ready`, or the code of an error, and answers until it is killed.
 * `send tcp|udp ADDRESS PORT SECONDS WAIT` prints the outcome as JSON. If SECONDS is not 0, a TCP connection sends data for so long, and
 * the outcome contains the rate at which the listener received it.
 */
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

/** The outcome of a probe. */
export type ProbeOutcome =
  | { readonly ok: true; readonly bits?: number }
  /** The reason is the code of an error, such as `ECONNREFUSED`. */
  | { readonly ok: false; readonly reason: string };

const [verb, protocol = "tcp", first = "", second = "0", third = "0", fourth = "0"] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const end = (outcome: ProbeOutcome) => {
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit());
};
const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.message);

if (verb === "listen") listen(first === "inet6", Number(second));
else send(first, Number(second), Number(third), Number(fourth));

function listen(isIpv6: boolean, port: number): void {
  const failed = (error: Error) => {
    say(codeOf(error));
    process.exit();
  };
  if (protocol === "udp") {
    const socket = createSocket({ type: isIpv6 ? "udp6" : "udp4", ipv6Only: isIpv6 });
    socket.on("message", (message, { address, port: from }) => socket.send(message, from, address));
    socket.once("error", failed).bind(port, () => say("ready"));
    return;
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let [bytes, began] = [0, 0];
    socket.on("data", (chunk: Buffer) => {
      // The first chunk begins the measurement, and is not part of it.
      if (began === 0) began = performance.now();
      else bytes += chunk.length;
    });
    socket.on("end", () => socket.end(String((bytes * 8000) / Math.max(performance.now() - began, 1))));
    socket.on("error", () => socket.destroy());
  });
  server.once("error", failed).listen({ port, ipv6Only: isIpv6, host: isIpv6 ? "::" : "0.0.0.0" }, () => say("ready"));
}

function send(address: string, port: number, seconds: number, wait: number): void {
  let timer = setTimeout(end, wait * 1000, { ok: false, reason: "no answer" });
  if (protocol === "udp") {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error) => end({ ok: false, reason: codeOf(error) }));
    socket.once("message", () => end({ ok: true }));
    // The kernel reports ICMP errors only to a connected socket.
    socket.connect(port, address, () => {
      const sendOnce = () => socket.send("probe");
      sendOnce();
      setInterval(sendOnce, 200);
    });
    return;
  }
  const socket = connect({ host: address, port });
  let answer = "";
  socket.on("error", (error) => end({ ok: false, reason: codeOf(error) }));
  socket.on("connect", () => {
    if (seconds === 0) {
      end({ ok: true });
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(end, (seconds + wait) * 1000 + 10_000, { ok: false, reason: "no answer" });
    const until = performance.now() + seconds * 1000;
    const chunk = Buffer.alloc(16_384);
    const fill = () => {
      while (performance.now() < until) if (!socket.write(chunk)) return;
      socket.end();
    };
    socket.on("drain", fill);
    fill();
  });
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  socket.on("end", () => end({ ok: true, bits: Number(answer) }));
}
