import { type ObservedRoute, route } from "../../../provider/kinds/route.ts";
import { MARK, ready } from "../samples.ts";

export const V4 = { destination: "10.7.0.0/16", via: "192.168.15.5" };
export const V6 = { destination: "fd07::/64", via: "fd00:15::5" };

/** Returns an observed route of the stack. */
export const seen = (args: object): ObservedRoute => ({
  state: ready(route, args),
  mark: MARK,
  isOurs: true,
  onOwnLink: false,
  note: undefined,
});

/** Returns an observed foreign route. */
export const foreign = (args: object): ObservedRoute => ({ ...seen(args), mark: undefined, isOurs: false });
