import * as pulumi from "@pulumi/pulumi";
import { IPV6_SWITCH } from "../provider/generations.ts";
import { isDefault, isIpv6Switch, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { type Place, plainPlace } from "./place.ts";
import { program } from "./program.ts";

/** A setting that the program has declared. */
interface DeclaredSysctl {
  readonly resource: pulumi.Resource;
  readonly place: Place;
  readonly key: pulumi.Input<string>;
  readonly value: pulumi.Output<string>;
}

/** Notes a setting of a whole place, for the links and the settings of single interfaces that come after it. */
export function noteSysctl(sysctl: DeclaredSysctl): void {
  const known = declared.get(program());
  if (known === undefined) declared.set(program(), [sysctl]);
  else known.push(sysctl);
}

/** The settings that a setting of one interface comes after: those of its whole place, which write the interface's own. */
export const wholeSettings = (place: Place): pulumi.Resource[] => sysctlsIn(place).map(({ resource }) => resource);

/** The settings that a new link begins with. */
export const defaultSettings = (place: Place): pulumi.Resource[] =>
  sysctlsIn(place).flatMap(({ resource, key }) => (isDefault(key) || isIpv6Switch(key) ? [resource] : []));

/** Whether IPv6 is switched off in a place, as a link follows it: with another value its IPv6 addresses are looked at again. */
export const ipv6Switches = (place: Place): pulumi.Output<string>[] =>
  sysctlsIn(place).flatMap(({ key, value }) =>
    isIpv6Switch(key) ? [pulumi.interpolate`${IPV6_SWITCH}${key}=${value}`] : [],
  );

const declared = new WeakMap<object, DeclaredSysctl[]>();

function sysctlsIn(place: Place): (DeclaredSysctl & { readonly key: string })[] {
  const here = plainPlace(place);
  return (declared.get(program()) ?? []).flatMap((sysctl) =>
    typeof sysctl.key === "string" && here !== undefined && plainPlace(sysctl.place) === here
      ? [{ ...sysctl, key: normalizeSysctlKey(sysctl.key) ?? sysctl.key }]
      : [],
  );
}
