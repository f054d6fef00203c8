import { type Check, describe } from "./check.ts";

/** A setting of a link that does not exist or has no effect with its declared master. */
export const ignoredByMaster: Check = ({ links }) =>
  [...links.values()].flatMap(({ resource, key, args, up, master: masterKey = "" }) => {
    const master = links.get(masterKey);
    if (master === undefined) return [];
    const { device } = master.traits;
    const about = { about: resource };
    return [
      ...(args["port"] !== undefined && device !== "bridge"
        ? [
            {
              ...about,
              message: `port of ${key} has no effect: its master ${masterKey} (${describe(master.resource)}) is no bridge`,
              help: "remove port, which has settings of a bridge's ports",
            },
          ]
        : []),
      ...(up === false && device === "bond"
        ? [
            {
              ...about,
              message: `up: false of ${key} has no effect: the bond ${masterKey} takes its members up`,
              help: "remove up or master",
            },
          ]
        : []),
    ];
  });
