import { meantBy } from "../../provider/edit-distance.ts";
import { placeholder } from "../placeholder.ts";
import { programError } from "../program-error.ts";
import { report } from "../reported-errors.ts";
import type { Host } from "./host.ts";

/**
 * Returns the hosts of a LAN by their names. A name that none of them has is an error: as the namespace of a resource, undefined would
 * mean the lab host.
 */
export const hostsByName = (lan: string, made: readonly (readonly [string, Host])[]): Record<string, Host> =>
  new Proxy(Object.fromEntries(made), {
    get(hosts, name) {
      if (typeof name === "symbol" || name in hosts || PROBES.test(name)) return Reflect.get(hosts, name) as unknown;
      const names = Object.keys(hosts);
      const meant = meantBy(name, names);
      report(
        programError(
          `the LAN ${lan} creates no host ${JSON.stringify(name)}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
          names.length === 0 ? "its argument hosts is empty" : `its hosts: ${names.join(", ")}`,
        ),
      );
      return placeholder();
    },
  });

/** The properties by which promises, JSON, Pulumi and test runners tell what an object is. */
const PROBES = /^(?:then|toJSON|asymmetricMatch|nodeType|tagName|hasAttribute|[_@$].*)$/;
