/** The size of a tunnel's headers over IPv4 and over IPv6, in bytes. */
export type Headers = { readonly inet: number; readonly inet6: number };

/** The headers that a VXLAN or Geneve adds to a packet. */
export const VXLAN_HEADERS: Headers = { inet: 50, inet6: 70 };

export const WIREGUARD_HEADERS: Headers = { inet: 60, inet6: 80 };
