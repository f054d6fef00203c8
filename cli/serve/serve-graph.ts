import { once } from "node:events";
import type { LabHostCommand } from "../../inspect/lab-host.ts";
import type { LabHosts } from "../../inspect/lab-hosts.ts";
import { readStackTwofold, type StackView } from "../../inspect/stack.ts";
import { addressesOf } from "../../inspect/stack-hosts.ts";
import { findLink } from "../../inspect/stack-links.ts";
import { UserError } from "../../provider/message.ts";
import { print } from "../output.ts";
import { type StackOptions, stackPlace, withHosts } from "../stack-options.ts";
import { tcpdumpWords } from "../tcpdump.ts";
import { openLiveLab } from "./live-lab.ts";
import { servePage } from "./server.ts";

/** Serves the page of a stack until Ctrl-C. */
export async function serveGraph(options: StackOptions, port: number): Promise<void> {
  const { shown, revealed } = await readStackTwofold(stackPlace(options));
  if (shown.resources.length === 0) throw new UserError("this stack has no resources", "run `pulumi up` first");
  await withHosts(addressesOf(shown), (hosts) => serve(hosts, shown, revealed, port));
}

async function serve(hosts: LabHosts, shown: StackView, revealed: StackView, port: number): Promise<void> {
  const capture = async (given: string): Promise<LabHostCommand> => {
    const { host, namespace, name } = findLink(
      shown,
      given.startsWith("/") ? `host${given}` : given.replace("//", "/"),
    );
    const { words } = await tcpdumpWords(hosts.on(host), host, name, { write: "-" });
    return hosts.on(host).command(namespace, words);
  };
  const lab = await openLiveLab(hosts, shown, revealed);
  const server = await servePage(lab, { port, capture }).catch((error: unknown) => {
    lab.close();
    throw error;
  });
  print(`${server.url}\nThe page follows the lab until Ctrl-C. Its address contains an access token: do not share it.`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  lab.close();
  await server.close();
}
