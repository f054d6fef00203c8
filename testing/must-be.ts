import { namespacesOf } from "../inspect/interfaces.ts";
import { placeAt, placeParts } from "../inspect/place.ts";
import { resolveByName } from "../inspect/resolve-name.ts";
import { UserError, withHelp } from "../provider/message.ts";
import type { Host, Path } from "./host.ts";

/**
 * Checks that the host exists. A missing namespace is a mistake in the test, and must not make a `not` assertion pass.
 *
 * @throws Error with similar names.
 */
export async function mustBeHost(host: Host): Promise<void> {
  if (typeof (host as unknown) !== "object" || !("labHost" in host))
    throw new TypeError(
      withHelp(
        `expect(${nameOf(host)}): the value is not a host of a lab`,
        `use expect(lab.host(${typeof host === "string" ? JSON.stringify(host) : '"red"'}))`,
      ),
    );
  const { host: on, namespace } = placeParts(host.place);
  const root = placeAt({ host: on, namespace: undefined });
  if (!host.labHost.roots.includes(root))
    throw new UserError(
      `this lab has no lab host ${on ?? ""}`,
      'name the lab hosts of the program: openLab({ hosts: ["lab1"] })',
    );
  if (namespace === undefined) return;
  const names = (await namespacesOf(host.labHost.kernel, root)).sort();
  resolveByName("namespace", namespace, new Map(names.map((name) => [name, name])), names, "this lab");
}

/**
 * Checks that a value is a path, and that its hosts exist.
 *
 * @throws Error if they do not.
 */
export async function mustBePath(path: Path): Promise<void> {
  if (typeof (path as unknown) !== "object" || !("from" in path))
    throw new TypeError(
      withHelp(
        `expect(${nameOf(path)}): the value is not a path of a lab`,
        'use expect(lab.host("red").to("192.168.15.2"))',
      ),
    );
  await mustBeHost(path.from);
  if (typeof path.destination !== "string") await mustBeHost(path.destination);
}

/** Returns a value as a test writes it. */
function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  if ("namespace" in value) return `lab.host(${value.namespace === undefined ? "" : JSON.stringify(value.namespace)})`;
  return "from" in value ? "a path" : "an object";
}
