import { forwardingKey, keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import type { Place } from "../place.ts";
import { resource } from "./as-typed.ts";
import type { TraceContext } from "./packet.ts";
import { correctsSysctl, setsSysctls } from "./sysctl-help.ts";
import type { Advice } from "./types.ts";

/**
 * Returns why a place does not forward what arrives at an interface, and how to enable it. In IPv4 each interface has its own setting, which
 * the global one sets only when it changes.
 */
export async function forwardingOff(look: TraceContext, place: Place, cameIn: Interface | undefined): Promise<Advice> {
  const { host, family } = look;
  const key = forwardingKey(family);
  const { stdout } = await host.run(place, "sysctl", "--values", key);
  if (family === "inet6" || cameIn === undefined || stdout.trim() === "0")
    return {
      reason: "forwarding is off",
      hint:
        correctsSysctl(look, place, [key]) ??
        `enable forwarding:\n  ${resource(look, "Sysctl", { namespace: place, key, value: "1" })}`,
    };
  const own = keyOn(`net.ipv4.conf.${PLACEHOLDER}.forwarding`, cameIn.name);
  return {
    reason: `forwarding is off for ${cameIn.name}: ${own} is 0, although ${key} is 1`,
    hint:
      correctsSysctl(look, place, [own]) ??
      `${setsSysctls(look, place, [own], 1)}; ${key} sets it only when its own value changes`,
  };
}
