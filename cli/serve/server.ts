import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { startChild } from "../../provider/kernel/client/child.ts";
import { UserError } from "../../provider/message.ts";
import type { LiveLab } from "./live-lab.ts";

/** A running server of a page. */
export interface PageServer {
  /** The address of the page, whose path has the token of this server. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page of a lab on 127.0.0.1.
 *
 * A request must have the token in its path and the address of this server in its Host header. Other users and other sites do not know the
 * token, and a site whose name resolves to this machine (DNS rebinding) has another Host.
 *
 * @throws UserError if the port is in use.
 */
export async function servePage(lab: LiveLab, port: number): Promise<PageServer> {
  const token = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const hosts = [`127.0.0.1:${own}`, `localhost:${own}`];
    const [, given = "", path = ""] = /^\/([^/?]*)\/(.*)$/.exec(request.url ?? "") ?? [];
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!hosts.includes(request.headers.host ?? "") || !isSame(given, token) || !isOwnOrigin(request, hosts)) {
      end(response, 403, "forbidden: open the address that pulumi-netns has printed\n");
      return;
    }
    respond(lab, path, request, response).catch((error: unknown) =>
      end(response, 400, `${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new UserError(`port ${port} is in use`, "choose another port, or 0 for any free port")
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
};

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Returns false for a request from a page of another site. */
const isOwnOrigin = ({ headers: { origin } }: IncomingMessage, hosts: readonly string[]): boolean =>
  origin === undefined || hosts.some((host) => origin === `http://${host}`);

async function respond(lab: LiveLab, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(path, "http://localhost/");
  switch (`${request.method} ${pathname}`) {
    case "GET /":
      end(response, 200, await lab.page(), "text/html; charset=utf-8");
      break;
    case "GET /events":
      stream(lab, response);
      break;
    case "GET /capture":
      await download(lab, searchParams.get("port") ?? "", response);
      break;
    case "POST /ping":
      end(response, 200, JSON.stringify(await lab.ping()), "application/json");
      break;
    case "POST /log": {
      const { process } = v.parse(LOG, JSON.parse(await text(request)));
      end(response, 200, JSON.stringify(await lab.log(process)), "application/json");
      break;
    }
    case "POST /trace": {
      const { from, to } = v.parse(TRACE, JSON.parse(await text(request)));
      end(response, 200, JSON.stringify(await lab.trace(from, to)), "application/json");
      break;
    }
    default:
      end(response, 404, "not found\n");
      break;
  }
}

const LOG = v.object({ process: v.string() });
const TRACE = v.object({ from: v.string(), to: v.string() });

function end(response: ServerResponse, status: number, body: string, type = "text/plain; charset=utf-8"): void {
  // The headers of a download are sent before its first packet.
  if (!response.headersSent) response.writeHead(status, { "content-type": type });
  response.end(body);
}

/** Sends the changes of a lab as server-sent events, until the page is closed. */
function stream(lab: LiveLab, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": open\n\n");
  const stop = lab.subscribe(({ event, data }) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  response.on("close", stop);
}

/** Sends the packets that pass an interface for five seconds, as a pcap file. */
async function download(lab: LiveLab, port: string, response: ServerResponse): Promise<void> {
  const child = startChild((await lab.capture(port)).argv);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (more: string) => (said += more));
  child.stdout.on("data", (packets: Buffer) => {
    if (!response.headersSent)
      response.writeHead(200, {
        "content-type": "application/vnd.tcpdump.pcap",
        "content-disposition": `attachment; filename="${port.replaceAll(/[^\w.-]+/g, "-").replace(/^-/, "")}.pcap"`,
      });
    response.write(packets);
  });
  const timer = setTimeout(() => child.kill(), CAPTURE_MS);
  response.on("close", () => child.kill());
  void child.exited.then(() => {
    clearTimeout(timer);
    if (response.headersSent) response.end();
    else end(response, 400, said);
  });
}

const CAPTURE_MS = 5000;
