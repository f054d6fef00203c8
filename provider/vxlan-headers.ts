/** The size of the headers that a VXLAN or Geneve adds to a packet, over IPv4 and over IPv6, in bytes. */
export const VXLAN_HEADERS = { inet: 50, inet6: 70 } as const;
