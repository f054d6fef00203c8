import { meantBy } from "../provider/edit-distance.ts";
import { generalKey, SYSCTL_KEYS } from "../provider/sysctl-names.ts";
import type { Check } from "./check.ts";

/** A key that the kernel does not have, and that is one that it has but for a letter or two. */
export const unknownSysctl: Check = ({ sysctls }) =>
  sysctls.flatMap(({ resource, key }) => {
    const general = generalKey(key);
    if (SYSCTL_KEYS.has(general)) return [];
    const meant = meantBy(general, SYSCTL_KEYS);
    if (meant === undefined) return [];
    return [
      {
        about: resource,
        message: `the kernel has no sysctl ${key}; did you mean ${meant.replace(".IF.", `.${key.split(".")[3] ?? "IF"}.`)}?`,
        help: "`sysctl --all` on the lab host lists all keys",
      },
    ];
  });
