import type { Lab, Piece } from "../lab.ts";

/** Network address translation rules on the lab host, and nothing else. */
export function nat(size: number): Lab {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  return {
    pieces: numbers.map((number) => rule(number, `10.${number >> 8}.${number & 255}.0/24`)),
    change: {
      piece: rule(size, "10.255.0.0/24"),
      seen: { command: ["nft", "list", "ruleset"], says: /10\.255\.0\.0\/24/ },
    },
    proof: { namespaces: 0, rules: size, sealed: false },
  };
}

const rule = (number: number, source: string): Piece => ({
  kind: "NatRule",
  name: `rule${number}`,
  args: { type: "masquerade", source },
});
