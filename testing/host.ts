import type { LabHost } from "../inspect/lab-host.ts";
import { type Place, placeName, placeParts } from "../inspect/place.ts";

/** A host of a lab: a namespace, or the lab host itself. */
export interface Host {
  /** The namespace's name; undefined for the lab host. */
  readonly namespace: string | undefined;
  /** The place in the lab: the namespace, with the name of its `LabHost` before it if it is on one. */
  readonly place: Place;
  /** The lab hosts of the lab. */
  readonly labHost: LabHost;
  /** Runs a program on the host and returns its standard output. */
  exec(program: string, ...args: string[]): Promise<string>;
  /**
   * Returns the path from the host to an address, or to the first global address of another host.
   *
   * @example
   * await expect(lab.host("red").to("192.168.15.2")).toTakeBetween("40ms", "60ms");
   */
  to(destination: string | Host): Path;
}

/** The path from a host of a lab to an address or to another host. The matchers of paths send packets along it. */
export interface Path {
  readonly from: Host;
  readonly destination: string | Host;
}

/** Returns a host by its place. */
export function hostIn(labHost: LabHost, place?: Place): Host {
  const host: Host = {
    namespace: placeParts(place).namespace,
    place,
    labHost,
    async exec(program, ...args) {
      const { code, stdout, stderr } = await labHost.run(place, program, ...args);
      if (code !== 0) {
        const where = place === undefined ? "" : ` in ${placeName(place)}`;
        throw new Error(`${[program, ...args].join(" ")}${where}: exit ${code}\n${stdout}\n${stderr}`);
      }
      return stdout;
    },
    to: (destination) => ({ from: host, destination }),
  };
  return host;
}
