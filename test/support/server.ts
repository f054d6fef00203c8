import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Sandbox } from "../../tools/sandbox.ts";

/** Starts a web server in a namespace of a sandbox. Its page shows the client's address. Disposing of it stops the server. */
export async function serve(host: Sandbox, namespace: string, port: number): Promise<AsyncDisposable> {
  const [nsenter = "", ...args] = [
    ...host.enter,
    "ip",
    "netns",
    "exec",
    namespace,
    process.execPath,
    "-e",
    PROGRAM,
    String(port),
  ];
  const server = spawn(nsenter, args, { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(server.stdout, "data"), once(server, "exit")]);
  if (server.exitCode !== null) throw new Error(`no server on port ${port} in ${namespace}`);
  return {
    async [Symbol.asyncDispose]() {
      server.kill();
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    },
  };
}

const PROGRAM = `
  require("node:http")
    .createServer((request, response) => response.end("hello " + request.socket.remoteAddress))
    .listen(Number(process.argv[1]), "::", () => console.log("listening"));
`;
