import { type FoundObject, SecretValue } from "./found.ts";

/** Returns arguments with placeholders for the values at the paths of secrets. */
export function withSecretValues(
  args: FoundObject["inputs"],
  paths: readonly string[],
  namespace: string | undefined,
  name: string,
): FoundObject["inputs"] {
  const copy = structuredClone(args);
  const inPlace = namespace === undefined ? "" : `ip netns exec ${namespace} `;
  for (const path of paths) {
    const keys = path.split(".");
    const holder = keys.slice(0, -1).reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], copy);
    const key = [name, ...keys].join("-").replaceAll(/[^\w-]+/g, "-");
    const { publicKey } = holder as { readonly publicKey?: string };
    const command =
      publicKey === undefined
        ? `wg show ${name} private-key`
        : `wg show ${name} preshared-keys | awk -v peer=${publicKey} '$1 == peer { print $2 }'`;
    (holder as Record<string, unknown>)[keys.at(-1) ?? ""] = new SecretValue(key, inPlace + command);
  }
  return copy;
}
