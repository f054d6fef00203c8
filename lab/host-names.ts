import { field, isRecord, text, texts } from "./arguments.ts";
import type { Known } from "./known.ts";

/** The addresses that the programs of a namespace know by names, and those of its name servers. */
export interface HostNamesFact {
  readonly is: "host names";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  /** The addresses. Unknown ones are omitted. */
  readonly named: readonly NamedAddress[];
}

/** An address with the argument that gives it, such as `addresses.web` or `nameservers[0]`. */
export interface NamedAddress {
  readonly argument: string;
  readonly address: string;
}

/** Reads the addresses of names and of name servers. */
export function hostNamesIn(args: unknown): HostNamesFact {
  const book = field(args, "addresses");
  const named = isRecord(book)
    ? Object.keys(book).map((name) => [`addresses.${name}`, texts(book, name)] as const)
    : [];
  const servers = texts(args, "nameservers").map((one, index) => [`nameservers[${index}]`, [one]] as const);
  return {
    is: "host names",
    namespace: text(args, "namespace"),
    named: [...named, ...servers].flatMap(([argument, addresses]) =>
      addresses.flatMap((address) => (address === null ? [] : [{ argument, address }])),
    ),
  };
}
