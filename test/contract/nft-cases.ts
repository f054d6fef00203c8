import { expect } from "vitest";
import { listChains, listTable, nft, nftQuote, showRuleTexts, showTable } from "../../provider/kernel/tools/nft.ts";
import { type Cases, found, outcomeOf } from "./case.ts";
import { RED } from "./set-ups.ts";

const TABLE = [...RED, "ip netns exec red nft add table inet nat"];
const CHAIN = [
  ...TABLE,
  "ip netns exec red nft add chain inet nat postrouting { type nat hook postrouting priority 100 ; policy accept ; }",
];
const COMMENT = "pulumi-netns:lab/dev:nat";
const RULE = [
  ...CHAIN,
  `ip netns exec red nft add rule inet nat postrouting oifname "eth0" masquerade comment "${COMMENT}"`,
];

const FILTER = [
  ...RED,
  "ip netns exec red nft add table inet f",
  "ip netns exec red nft add chain inet f forward { type filter hook forward priority -10 ; policy drop ; }",
  "ip netns exec red nft add rule inet f forward meta l4proto { udp, tcp } th dport { 53, 80-90 } ip saddr { 10.0.0.0/25, 10.0.0.128/25 } accept",
];

const MARKS = [
  ...RED,
  "ip netns exec red nft add table inet f",
  "ip netns exec red nft add chain inet f in { type filter hook prerouting priority -150 ; policy accept ; }",
  "ip netns exec red nft add rule inet f in meta mark 1 ct mark 2 ct mark set 3 meta mark set 4 continue",
  "ip netns exec red nft add rule inet f in meta mark set ct mark",
  "ip netns exec red nft add rule inet f in ct mark set meta mark",
];
const [MARK_OF_PACKET, MARK_OF_CONNECTION] = [{ meta: { key: "mark" } }, { ct: { key: "mark" } }];

/** What nft prints, and the kernel says through it. */
export const NFT_CASES: Cases = {
  "a list of an absent table": {
    setup: RED,
    ask: found(async (kernel) => (await listTable(kernel, "red", "nat")).rules),
    is: [],
  },
  "a list of rules in an absent namespace": {
    ask: found(async (kernel) => (await listTable(kernel, "red", "nat")).rules),
    is: [],
  },
  "a rule for an absent table": {
    setup: RED,
    ask: outcomeOf(nft("red", "add rule inet nat postrouting masquerade")),
    is: "absent",
  },
  "a delete of an absent table": { setup: RED, ask: outcomeOf(nft("red", "delete table inet nat")), is: "absent" },
  "a delete of an absent rule": {
    setup: CHAIN,
    ask: outcomeOf(nft("red", "delete rule inet nat postrouting handle 99")),
    is: "absent",
  },
  "a second table of the same name": {
    setup: TABLE,
    ask: outcomeOf(nft("red", "create table inet nat")),
    is: "exists",
  },
  "a list without the capability": { ask: outcomeOf("unshare --user nft --json list chains"), is: "denied" },
  "a table without the capability": { ask: outcomeOf("unshare --user nft add table inet nat"), is: "denied" },
  "a syntax error": { setup: RED, ask: outcomeOf(nft("red", "add tabel inet nat")), is: "failed" },
  "a transaction": {
    setup: RED,
    ask: outcomeOf(
      nft(
        "red",
        "add table inet nat",
        "add chain inet nat postrouting { type nat hook postrouting priority 100 ; policy accept ; }",
        `add rule inet nat postrouting oifname ${nftQuote("eth0")} masquerade comment ${nftQuote(COMMENT)}`,
      ),
    ),
    is: "done",
  },
  "a NAT rule with a comment": {
    setup: RULE,
    ask: found(async (kernel) => (await listTable(kernel, "red", "nat")).rules),
    is: [
      {
        chain: "postrouting",
        handle: expect.any(Number),
        comment: COMMENT,
        expr: [
          { match: { op: "==", left: { meta: { key: "oifname" } }, right: "eth0" } },
          expect.objectContaining({ masquerade: null }),
        ],
      },
    ],
  },
  "the chains of a namespace": {
    setup: RULE,
    ask: found((kernel) => listChains(kernel, "red")),
    is: [
      {
        ...{ family: "inet", table: "nat", name: "postrouting" },
        ...{ type: "nat", hook: "postrouting", prio: 100, policy: "accept" },
      },
    ],
  },
  "a filter chain, with merged sets and protocols as numbers": {
    setup: FILTER,
    ask: found((kernel) => showTable(kernel, "red", "f")),
    is: {
      chains: [
        { family: "inet", table: "f", name: "forward", type: "filter", hook: "forward", prio: -10, policy: "drop" },
      ],
      others: [],
      rules: [
        {
          chain: "forward",
          handle: expect.any(Number),
          expr: [
            { match: { op: "==", left: { meta: { key: "l4proto" } }, right: { set: [6, 17] } } },
            {
              match: {
                ...{ op: "==", left: { payload: { protocol: "th", field: "dport" } } },
                right: { set: [53, { range: [80, 90] }] },
              },
            },
            {
              match: {
                ...{ op: "==", left: { payload: { protocol: "ip", field: "saddr" } } },
                right: { set: [{ prefix: { addr: "10.0.0.0", len: 24 } }] },
              },
            },
            { accept: null },
          ],
        },
      ],
    },
  },
  "the marks of packets and of connections, matched, set and copied": {
    setup: MARKS,
    ask: found(async (kernel) => (await showTable(kernel, "red", "f")).rules.map(({ expr }) => expr)),
    is: [
      [
        { match: { op: "==", left: MARK_OF_PACKET, right: 1 } },
        { match: { op: "==", left: MARK_OF_CONNECTION, right: 2 } },
        { mangle: { key: MARK_OF_CONNECTION, value: 3 } },
        { mangle: { key: MARK_OF_PACKET, value: 4 } },
        { continue: null },
      ],
      [{ mangle: { key: MARK_OF_PACKET, value: MARK_OF_CONNECTION } }],
      [{ mangle: { key: MARK_OF_CONNECTION, value: MARK_OF_PACKET } }],
    ],
  },
  "the texts of the rules of a chain": {
    setup: FILTER,
    ask: found(async (kernel) => [...(await showRuleTexts(kernel, "red", "f", "forward")).values()]),
    is: ["meta l4proto { tcp, udp } th dport { 53, 80-90 } ip saddr { 10.0.0.0/24 } accept"],
  },
  "no chains": { setup: RED, ask: found((kernel) => listChains(kernel, "red")), is: [] },
};
