import { once } from "node:events";
import { openLabHosts } from "../../inspect/lab-hosts.ts";
import { readStackTwofold } from "../../inspect/stack.ts";
import { addressesOf } from "../../inspect/stack-hosts.ts";
import { UserError } from "../../provider/message.ts";
import { print } from "../output.ts";
import { requireNetAdmin } from "../require-net-admin.ts";
import { type StackOptions, stackPlace } from "../stack-options.ts";
import { openLiveLab } from "./live-lab.ts";
import { servePage } from "./server.ts";
import { watchState } from "./watch-state.ts";

/** Serves the page of a stack until Ctrl-C. */
export async function serveGraph(options: StackOptions, port: number): Promise<void> {
  const place = stackPlace(options);
  const first = await readStackTwofold(place);
  if (first.shown.resources.length === 0) throw new UserError("this stack has no resources", "run `pulumi up` first");
  if (addressesOf(first.shown).has(undefined)) requireNetAdmin();
  const lab = await openLiveLab({
    open: openLabHosts,
    first,
    read: () => readStackTwofold(place),
    watchState: (onChange) => watchState(place.cwd, onChange),
  });
  const server = await servePage(lab, port).catch((error: unknown) => {
    lab.close();
    throw error;
  });
  print(`${server.url}\nThe page follows the lab until Ctrl-C. Its address contains an access token: do not share it.`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  lab.close();
  await server.close();
}
