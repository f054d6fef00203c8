import { editDistance, meantBy } from "../provider/edit-distance.ts";
import { generalKey, isListedTree, SYSCTL_KEYS } from "../provider/sysctl-names.ts";
import type { Check } from "./check.ts";

/**
 * A key that the kernel does not have: one that differs from one that it has in a letter or two, or any in a tree whose keys are all known, because
 * modules add none there.
 */
export const unknownSysctl: Check = ({ sysctls }) =>
  sysctls.flatMap(({ resource, key }) => {
    const general = generalKey(key);
    if (SYSCTL_KEYS.has(general)) return [];
    const meant = meantBy(general, SYSCTL_KEYS);
    if (meant === undefined && !isListedTree(general)) return [];
    const similar = (meant === undefined ? similarTo(general) : [meant]).map((one) => onInterfaceOf(key, one));
    const question = similar.length === 0 ? "" : `; did you mean ${similar.join(" or ")}?`;
    return [
      {
        about: resource,
        message: `${meant === undefined ? "no known version of the kernel has the" : "the kernel has no"} sysctl ${key}${question}`,
        help:
          meant === undefined
            ? "`sysctl --all` on the lab host lists all keys; if it lists this one, turn this check off for the resource"
            : "`sysctl --all` on the lab host lists all keys",
      },
    ];
  });

/** Returns a key in its general form with the interface of another one, by default `all`. */
const onInterfaceOf = (key: string, general: string): string =>
  general.replace(".IF.", `.${generalKey(key).includes(".IF.") ? key.split(".")[3] : "all"}.`);

/** Returns the keys of the same protocol with the name of a key, or else those that have the most words of it in their names, the nearest ones first. */
function similarTo(key: string): string[] {
  const [name, protocol] = [nameOf(key), protocolOf(key)];
  const others = [...SYSCTL_KEYS].filter((other) => protocolOf(other) === protocol);
  const same = others.filter((other) => nameOf(other) === name);
  if (same.length > 0) return same;
  const rated = others.map((other) => ({ other, common: commonWords(name, nameOf(other)) }));
  const most = Math.max(1, ...rated.map(({ common }) => common));
  return rated
    .filter(({ common }) => common === most)
    .map(({ other }) => other)
    .toSorted((one, another) => editDistance(name, nameOf(one)) - editDistance(name, nameOf(another)))
    .slice(0, MOST);
}

const MOST = 3;

const nameOf = (key: string): string => key.slice(key.lastIndexOf(".") + 1);
const protocolOf = (key: string): string | undefined => key.split(".")[1];

/** Returns the number of words of a name that another one has, in a longer or shorter form such as `forward` and `forwarding`. */
const commonWords = (name: string, other: string): number =>
  name.split("_").filter((word) => other.split("_").some((one) => isForm(word, one) || isForm(one, word))).length;

const isForm = (word: string, stem: string): boolean =>
  word === stem || (stem.length >= SHORTEST_STEM && word.startsWith(stem));

const SHORTEST_STEM = 4;
