/** Returns the interface for which a command gets an address, if it is the DHCP client udhcpc and names one. */
export function dhcpInterface([program, ...args]: readonly string[]): string | undefined {
  if (program?.split("/").at(-1) !== "udhcpc") return undefined;
  return args.find((_, index) => ["-i", "--interface"].includes(args[index - 1] ?? ""));
}
