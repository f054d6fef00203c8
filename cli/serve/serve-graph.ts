import { once } from "node:events";
import { labHost } from "../../inspect/lab-host.ts";
import { readStackTwofold } from "../../inspect/stack.ts";
import { findLink } from "../../inspect/stack-links.ts";
import { inNamespace } from "../../provider/kernel/command.ts";
import { UserError } from "../../provider/message.ts";
import { print } from "../output.ts";
import { requireNetAdmin } from "../require-net-admin.ts";
import { isInstalled } from "../run-command.ts";
import { type StackOptions, stackPlace } from "../stack-options.ts";
import { NO_TCPDUMP, tcpdumpWords } from "../tcpdump.ts";
import { openLiveLab } from "./live-lab.ts";
import { servePage } from "./server.ts";

/** Serves the page of a stack until Ctrl-C. */
export async function serveGraph(options: StackOptions, port: number): Promise<void> {
  requireNetAdmin();
  const { shown, revealed } = await readStackTwofold(stackPlace(options));
  if (shown.resources.length === 0) throw new UserError("this stack has no resources", "run `pulumi up` first");
  const capture = (given: string): readonly string[] => {
    if (!isInstalled("tcpdump")) throw new UserError(...NO_TCPDUMP);
    const { namespace, name } = findLink(shown, given.startsWith("/") ? `host${given}` : given);
    const [program = "", ...args] = tcpdumpWords(name, { write: "-" }).words;
    return inNamespace(namespace, program, args);
  };
  const lab = await openLiveLab(labHost(), shown, revealed);
  const server = await servePage(lab, { port, capture }).catch((error: unknown) => {
    lab.close();
    throw error;
  });
  print(`${server.url}\nThe page follows the lab until Ctrl-C. Its address contains an access token: do not share it.`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  lab.close();
  await server.close();
}
