import * as v from "valibot";
import { exclusiveClaims } from "../claims.ts";
import { createFolder, readFile, removeFile, removeFilesAndFolders, writeFile } from "../kernel/tools/files.ts";
import type { Kind, Observed } from "../kind.ts";
import { unmountable } from "../mounts.ts";
import { isOfStack } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { args, field } from "../schema.ts";
import { namespaceName } from "../values.ts";
import { addressBook, addressList, type HostsFiles, markIn, parseHosts, parseServers, spell } from "./hosts-text.ts";

const schema = args({
  namespace: field(namespaceName(), { replaces: true }),
  addresses: v.optional(field(addressBook())),
  nameservers: v.optional(field(addressList())),
});

type HostsArgs = v.InferOutput<typeof schema>;

interface ObservedHosts extends Observed<HostsArgs> {
  readonly namespace: string;
  /** The texts of the files that are ours or wanted; undefined for a file that does not exist. */
  readonly files: HostsFiles;
}

export const hosts: Kind<HostsArgs, ObservedHosts> = {
  type: "Hosts",
  schema,
  ownership: "mark",
  id: ({ namespace }) => namespace,
  argsOfImport: (namespace) => ({ namespace, addresses: {}, nameservers: [] }),
  claims: ({ namespace }) => exclusiveClaims(`hosts of ${namespace}`),
  // The common parent folder is deleted with the last namespace's folder; it must not be deleted during a create.
  lockKey: () => "hosts",

  async observe(kernel, wanted, mark) {
    const { namespace } = wanted;
    const [hosts, servers] = [
      await readFile(kernel, pathOf(namespace, "hosts")),
      await readFile(kernel, pathOf(namespace, "resolv.conf")),
    ];
    // A foreign file counts only if ours is wanted there; a file of another resource of the stack is deleted. A crash can leave
    // empty files.
    const isOwn = (text: string | undefined) => isOfStack(markIn(text), mark);
    const files: HostsFiles = {
      hosts: wanted.addresses !== undefined || isOwn(hosts) ? hosts || undefined : undefined,
      "resolv.conf": wanted.nameservers !== undefined || isOwn(servers) ? servers || undefined : undefined,
    };
    const there = NAMES.map((name) => files[name]).filter((text) => text !== undefined);
    // Without addresses and name servers, no file is expected.
    const asksForNone = wanted.addresses === undefined && wanted.nameservers === undefined;
    if (there.length === 0) return asksForNone ? { namespace, files, state: { namespace }, mark } : undefined;
    const addresses = files.hosts && parseHosts(files.hosts);
    const nameservers = files["resolv.conf"] && parseServers(files["resolv.conf"]);
    return {
      namespace,
      files,
      state: { namespace, ...(addresses && { addresses }), ...(nameservers && { nameservers }) },
      mark:
        there.map(markIn).find((found) => found !== mark) ?? (there.every((text) => markIn(text)) ? mark : undefined),
    };
  },

  plan({ seen, desired, mark }) {
    if (desired === undefined) {
      const files = there(seen?.files);
      return seen === undefined || files.length === 0 ? [] : [clear(seen.namespace, files)];
    }
    const { namespace } = desired;
    const texts = spell(desired, mark);
    const unwanted = there(seen?.files).filter((name) => texts[name] === undefined);
    if (desired.addresses === undefined && desired.nameservers === undefined) return [clear(namespace, unwanted)];
    const changed = NAMES.filter((name) => texts[name] !== undefined && texts[name] !== seen?.files[name]);
    return [
      ...unwanted.map((name) => ({ run: removeFile(pathOf(namespace, name)) })),
      ...(changed.length > 0 ? [{ run: createFolder(folderOf(namespace)) }] : []),
      ...changed.flatMap((name) => write(namespace, name, texts[name] ?? "", seen?.files[name])),
    ];
  },

  warn: (kernel, { namespace, addresses, nameservers }) =>
    unmountable(kernel, namespace, [
      ...(addresses === undefined ? [] : ["/etc/hosts"]),
      ...(nameservers === undefined ? [] : ["/etc/resolv.conf"]),
    ]),
};

type Name = keyof HostsFiles;

const NAMES = ["hosts", "resolv.conf"] as const satisfies readonly Name[];

const folderOf = (namespace: string): string => `/etc/netns/${namespace}`;
const pathOf = (namespace: string, name: Name): string => `${folderOf(namespace)}/${name}`;

const there = (files: Partial<HostsFiles> = {}): Name[] => NAMES.filter((name) => files[name] !== undefined);

function write(namespace: string, name: Name, text: string, before: string | undefined): Plan {
  const path = pathOf(namespace, name);
  const run = writeFile(path, text);
  if (before === undefined) return [{ run, undo: removeFile(path) }];
  // A foreign file may be a symbolic link; then the link itself is replaced, not its target.
  return markIn(before) === undefined ? [{ run: removeFile(path) }, { run }] : [{ run }];
}

const clear = (namespace: string, names: readonly Name[]): Step => ({
  run: removeFilesAndFolders(
    names.map((name) => pathOf(namespace, name)),
    [folderOf(namespace), "/etc/netns"],
  ),
  tolerate: ["absent"],
});
