import * as pulumi from "@pulumi/pulumi";
import { IPV6_SWITCH } from "../provider/generations.ts";
import { isDefault, isIpv6Switch, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { type Place, placeKey } from "./place.ts";
import { perProgram } from "./program.ts";

/** A declared sysctl. */
interface DeclaredSysctl {
  readonly resource: pulumi.Resource;
  readonly place: Place;
  readonly key: pulumi.Input<string>;
  readonly value: pulumi.Output<string>;
}

/** Records a sysctl of a whole namespace for the links and the sysctls of single interfaces that are declared after it. */
export function recordSysctl(sysctl: DeclaredSysctl): void {
  declared().push(sysctl);
}

/** Returns the sysctls that are set before a sysctl of one interface: those of the whole namespace, which overwrite it. */
export const wholeSettings = (place: Place): pulumi.Resource[] => sysctlsIn(place).map(({ resource }) => resource);

/** Returns the sysctls from which a new link gets its initial values. */
export const defaultSettings = (place: Place): pulumi.Resource[] =>
  sysctlsIn(place).flatMap(({ resource, key }) => (isDefault(key) || isIpv6Switch(key) ? [resource] : []));

/** Returns the IPv6 switches of a namespace as inputs of a link, so that a change of one updates the link's IPv6 addresses. */
export const ipv6Switches = (place: Place): pulumi.Output<string>[] =>
  sysctlsIn(place).flatMap(({ key, value }) =>
    isIpv6Switch(key) ? [pulumi.interpolate`${IPV6_SWITCH}${key}=${value}`] : [],
  );

const declared = perProgram((): DeclaredSysctl[] => []);

function sysctlsIn(place: Place): (DeclaredSysctl & { readonly key: string })[] {
  const here = placeKey(place);
  return declared().flatMap((sysctl) =>
    typeof sysctl.key === "string" && here !== undefined && placeKey(sysctl.place) === here
      ? [{ ...sysctl, key: normalizeSysctlKey(sysctl.key) ?? sysctl.key }]
      : [],
  );
}
