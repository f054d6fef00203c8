import * as v from "valibot";
import { formatValue } from "../format-value.ts";
import { args, field, rule } from "../schema.ts";
import { interfaceIn, PLACEHOLDER } from "../sysctl-key.ts";
import { faultOfSysctlValue } from "../sysctl-value.ts";
import { interfaceName, namespaceName, sysctlKey, sysctlValue } from "../values.ts";

const fields = args({
  key: field(sysctlKey(), { replaces: true }),
  value: field(sysctlValue()),
  interface: v.optional(field(interfaceName(), { replaces: true })),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
});

export const sysctlSchema = v.pipe(
  fields,
  rule<SysctlArgs, "key" | "interface">(["key", "interface"], ({ key, interface: link }) => {
    const named = interfaceIn(key);
    if (link === undefined) {
      return named === PLACEHOLDER
        ? { at: "key", why: `"${key}" contains {interface}, so the argument interface is required` }
        : undefined;
    }
    if (named === link || named === PLACEHOLDER) return undefined;
    return {
      at: "key",
      why: `"${key}" is not a setting of the interface ${link}; an example of such a key is "net.ipv4.conf.${PLACEHOLDER}.rp_filter"`,
    };
  }),
  rule<SysctlArgs, "key" | "value">(["key", "value"], ({ key, value }) => {
    const why = faultOfSysctlValue(key, value);
    return why === undefined
      ? undefined
      : { at: "value", why: `${formatValue(value)} is not a value of ${key}: ${why}` };
  }),
);

export type SysctlArgs = v.InferOutput<typeof fields>;
