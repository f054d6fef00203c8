import * as v from "valibot";
import { ip, showLinks } from "../kernel/ip.ts";
import type { Kind, Observed } from "../kind.ts";
import { args, field } from "../schema.ts";
import { namespaceName } from "../values.ts";

const schema = args({
  name: field(namespaceName(), { replaces: true }),
});

type NamespaceArgs = v.InferOutput<typeof schema>;

interface Seen extends Observed<NamespaceArgs> {
  /** The links whose other end lies outside: they outlive the namespace for a while unless they are deleted first. */
  readonly leaving: readonly string[];
}

export const namespace: Kind<NamespaceArgs, Seen> = {
  type: "Namespace",
  schema,
  proof: "mark",
  id: ({ name }) => name,
  claims: ({ name }) => [`namespace ${name}`],

  // A namespace has no room for a mark of its own, so its loopback interface bears it.
  async observe(kernel, { name }) {
    const links = await showLinks(kernel, name);
    if (links === undefined) return undefined;
    return {
      state: { name },
      mark: links.find((link) => link.ifname === "lo")?.ifalias,
      leaving: links.filter((link) => link.link_index !== undefined).map((link) => link.ifname),
    };
  },

  plan({ seen, desired, mark }) {
    if (desired !== undefined) {
      const { name } = desired;
      const ready = { run: ip(name, "link", "set", "dev", "lo", "up", "alias", mark) };
      return seen === undefined ? [{ run: add(name), undo: remove(name) }, ready] : [ready];
    }
    if (seen?.state === undefined) return [];
    const { name } = seen.state;
    return [
      ...seen.leaving.map((link) => ({ run: ip(name, "link", "delete", "dev", link), tolerate: ["absent"] as const })),
      { run: remove(name), tolerate: ["absent"] },
    ];
  },
};

const add = (name: string) => ip(undefined, "netns", "add", name);
const remove = (name: string) => ip(undefined, "netns", "delete", name);
