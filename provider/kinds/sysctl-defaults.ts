import type { KernelClient } from "../kernel/kernel.ts";
import { readFiles } from "../kernel/tools/files.ts";
import { withHelp } from "../message.ts";
import { fileOf, interfaceIn, isDefault, keyOf } from "../sysctl-key.ts";

/**
 * Returns the warning that interfaces of a namespace keep the value with which they were created, after their default has changed; undefined if none
 * does. The kernel uses a default only for new interfaces, so that a new lab of the same program would have other values.
 *
 * @param findDeclared Returns a function that returns whether a resource sets a key.
 */
export async function staleDefaultsWarning(
  kernel: KernelClient,
  { namespace, key }: { readonly namespace?: string | undefined; readonly key: string },
  findDeclared: () => Promise<(key: string) => boolean>,
): Promise<string | undefined> {
  // The lab host has interfaces of others.
  if (namespace === undefined || !isDefault(key)) return undefined;
  const files = await readFiles(kernel, namespace, [fileOf(key).replace("/default/", "/*/")]);
  const all = files.map(({ path, text }) => ({ key: keyOf(path), value: text.trim() }));
  const value = all.find((one) => one.key === key)?.value;
  const isDeclared = await findDeclared();
  const stale = all.filter((one) => one.value !== value && isOfLink(one.key) && !isDeclared(one.key));
  const [first] = stale;
  if (value === undefined || first === undefined) return undefined;
  const names = stale.map((one) => interfaceIn(one.key)).join(", ");
  return withHelp(
    `${key} in ${namespace} is ${value} now, but the kernel uses it only for new interfaces: ${names} ${stale.length === 1 ? "keeps" : "keep"} another value`,
    `set the key of each interface, such as ${first.key}, or create the interfaces again`,
  );
}

/** Returns whether a key is that of one link. The loopback interface is older than each default. */
const isOfLink = (key: string): boolean => ![undefined, "lo"].includes(interfaceIn(key));
