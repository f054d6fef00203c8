import { describe, expect, test } from "vitest";
import { namespace } from "../../../provider/kinds/namespace.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const LO = { ifindex: 1, ifname: "lo", flags: ["LOOPBACK", "UP"], mtu: 65_536 };
const desired = { name: "red" };
const seen = (mark: string | undefined, isBeingCreated = false) => ({
  name: "red",
  isBeingCreated,
  lent: [],
  state: desired,
  mark,
});
const HOLLOW_SEEN = { name: "red", isBeingCreated: true, lent: [], state: undefined, mark: MARK };

const MAKING = "pulumi-netns:making:6d3d18b0:b1f51a51";
/** Notes of another name, of another stack, and of an empty name. */
const OTHERS = [
  "pulumi-netns:making:6d3d18b0:16477688",
  "pulumi-netns:making:7fbc2d58:b1f51a51",
  "pulumi-netns:making:6d3d18b0:e3b0c442",
];
const NOTE = `ip link property add dev lo altname ${MAKING}`;
const ADD = "ip netns add red";
const SET = `ip -n red link set dev lo up alias ${MARK}`;
const ERASE = `ip link property del dev lo altname ${MAKING}`;
const REMOVE = "ip netns delete red";

const LOOK = "ip -n red -json -details address show";
const HOST = "ip -json -details address show dev lo";
const ABSENT = fails('Cannot open network namespace "red": No such file or directory', 255);
const HOLLOW = fails('setting the network namespace "red" failed: Invalid argument', 255);
const noted = (...altnames: string[]) => tells([{ ...LO, altnames }]);

describe("the plan", () => {
  test.each<[string, Omit<Parameters<typeof namespace.plan>[0], "mark">, string[]]>([
    ["to create one", { seen: undefined, desired }, [NOTE, ADD, SET, ERASE]],
    [
      "to create one with a special name",
      { seen: undefined, desired: { name: "$(id)" } },
      [
        NOTE.replace("b1f51a51", "d7d54e79"),
        "ip netns add '$(id)'",
        `ip -n '$(id)' link set dev lo up alias ${MARK}`,
        ERASE.replace("b1f51a51", "d7d54e79"),
      ],
    ],
    ["to mark an unmarked one", { seen: seen(undefined), desired }, [SET, ERASE]],
    [
      "to set its loopback interface down",
      { seen: seen(MARK), desired: { name: "red", loopback: false } },
      [SET.replace(" up ", " down "), ERASE],
    ],
    ["to complete one that was created and not marked", { seen: seen(MARK, true), desired }, [SET, ERASE]],
    ["to create one that is noted and missing", { seen: HOLLOW_SEEN, desired }, [REMOVE, ADD, SET, ERASE]],
    ["to delete one", { seen: seen(MARK), desired: undefined }, [REMOVE]],
    [
      "to delete one that was created and not marked, with its note",
      { seen: seen(MARK, true), desired: undefined },
      [REMOVE, ERASE],
    ],
    ["to delete a missing one", { seen: undefined, desired: undefined }, []],
    ["to delete one that is noted and missing", { seen: HOLLOW_SEEN, desired: undefined }, [REMOVE, ERASE]],
  ])("%s", (_what, change, lines) => {
    expect(showPlan(namespace.plan({ ...change, mark: MARK }))).toBe(lines.join("\n"));
  });

  test("to delete tolerates that the file and the note are missing", () => {
    const plan = namespace.plan({ seen: HOLLOW_SEEN, desired: undefined, mark: MARK });
    expect(plan.map(({ undo, tolerate }) => [undo, tolerate])).toEqual([
      [undefined, ["absent"]],
      [undefined, ["absent"]],
    ]);
  });

  const steps = (seen: typeof HOLLOW_SEEN | undefined) =>
    namespace
      .plan({ seen, desired, mark: MARK })
      .map(({ run, undo, tolerate }) => [
        showPlan([{ run }]),
        undo === undefined ? undefined : showPlan([{ run: undo }]),
        tolerate,
      ]);

  test("to create deletes the namespace and the note if a later step fails", () => {
    expect(steps(undefined)).toEqual([
      [NOTE, ERASE, ["exists"]],
      [ADD, REMOVE, undefined],
      [SET, undefined, undefined],
      [ERASE, undefined, ["absent"]],
    ]);
  });

  test("to create removes an existing file only if no namespace is mounted on it", () => {
    const [, add] = namespace.plan({ seen: undefined, desired, mark: MARK });
    expect(add?.recover).toEqual({
      from: "exists",
      run: {
        tool: "sh",
        args: [
          "-c",
          'ip -n "$1" link show dev lo 2>&1 | grep -q "Invalid argument" && ip netns delete "$1"',
          "pulumi-netns",
          "red",
        ],
        display: REMOVE,
      },
    });
  });

  test("to replace a noted file without a namespace tolerates that the file is missing", () => {
    expect(steps(HOLLOW_SEEN)).toEqual([
      [REMOVE, undefined, ["absent"]],
      [ADD, REMOVE, undefined],
      [SET, undefined, undefined],
      [ERASE, undefined, ["absent"]],
    ]);
  });
});

describe("the observed state", () => {
  const observe = (loopback: ReturnType<typeof fails>, host?: ReturnType<typeof fails>) =>
    scripted([[LOOK, loopback], ...(host === undefined ? [] : [[HOST, host] as const])], (kernel) =>
      namespace.observe(kernel, desired, MARK),
    );

  test.each([MARK, SIBLING, STRANGER, "a person's"])(
    "has the mark %s of the loopback interface, without a query for notes",
    async (ifalias) => {
      expect(await observe(tells([{ ...LO, ifalias }]))).toEqual(seen(ifalias));
    },
  );

  test("has a loopback interface that is down", async () => {
    const { state, ...rest } = seen(MARK);
    expect(await observe(tells([{ ...LO, flags: ["LOOPBACK"], ifalias: MARK }]))).toEqual({
      ...rest,
      state: { ...state, loopback: false },
    });
  });

  test("has no owner, whatever notes are inside the namespace", async () => {
    expect(await observe(tells([{ ...LO, altnames: [MAKING] }]), tells([LO]))).toEqual(seen(undefined));
  });

  test.each([
    ["is owned if the host has its note", [MAKING], MARK, true],
    ["is owned if the host has its note among others", ["x", ...OTHERS, MAKING], MARK, true],
    ["has no owner if the host has notes of others", OTHERS, undefined, false],
    ["has no owner if the note has another end", [`${MAKING}0`], undefined, false],
  ])("without a mark %s", async (_what, altnames, mark, making) => {
    expect(await observe(tells([LO]), noted(...altnames))).toEqual(seen(mark, making));
  });

  test.each([
    ["undefined if there is no namespace", ABSENT, tells([LO]), undefined],
    ["undefined if there is a file without a namespace", HOLLOW, tells([LO]), undefined],
    ["undefined if only others have notes", HOLLOW, noted(...OTHERS), undefined],
    ["a creation in progress if there is a note and no namespace", ABSENT, noted(MAKING), HOLLOW_SEEN],
    ["a creation in progress if there is a note and a file without a namespace", HOLLOW, noted(MAKING), HOLLOW_SEEN],
  ])("is %s", async (_what, loopback, host, expected) => {
    expect(await observe(loopback, host)).toStrictEqual(expected);
  });

  test("is an error if the query for notes is denied", async () => {
    const look = observe(ABSENT, fails("RTNETLINK answers: Operation not permitted"));
    await expect(look).rejects.toMatchObject({ name: "KernelError", reason: "denied" });
  });
});
