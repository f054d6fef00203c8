import { meantBy } from "../provider/edit-distance.ts";
import type { Check } from "./check.ts";
import { SYSCTL_NAMES } from "./sysctl-names.ts";

/** A key that the kernel does not have, and that is one that it has but for a letter or two. */
export const unknownSysctl: Check = ({ sysctls }) =>
  sysctls.flatMap(({ resource, key }) => {
    const [, family, group, link, name] = /^net\.(ipv[46])\.(conf|neigh)\.(.+)\.([^.]+)$/.exec(key) ?? [];
    const general = link === undefined ? key : `net.${family}.${group}.IF.${name}`;
    if (KEYS.has(general)) return [];
    const meant = meantBy(general, KEYS);
    if (meant === undefined) return [];
    return [
      {
        about: resource,
        message: `the kernel has no sysctl ${key}; did you mean ${meant.replace(".IF.", `.${link ?? "IF"}.`)}?`,
        help: "`sysctl --all` on the lab host lists all keys",
      },
    ];
  });

const KEYS: ReadonlySet<string> = new Set(
  Object.entries(SYSCTL_NAMES).flatMap(([begin, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${begin}.${name}`),
  ),
);
