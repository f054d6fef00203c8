import type { Lab, Thing } from "./lab.ts";
import { type Event, isLife, type Life } from "./life.ts";
import { references, without } from "./things.ts";

/** Yields lives that are slightly simpler: with fewer events, fewer objects and fewer changes. */
export function* simpler(life: Life): Generator<Life> {
  for (const candidate of candidates(life)) if (size(candidate) < size(life) && isLife(candidate)) yield candidate;
}

function* candidates(life: Life): Generator<Life> {
  const { events } = life;
  if (life.order !== undefined) yield { ...life, order: undefined };
  for (let end = 1; end < events.length; end += 1) yield { ...life, events: events.slice(0, end) };
  for (const index of events.keys()) yield { ...life, events: events.filter((_, at) => at !== index) };
  for (const index of events.keys()) yield* ofEvent(life, index);
  const keys = new Set(events.flatMap((event) => ("lab" in event ? event.lab.map(({ key }) => key) : [])));
  for (const chunk of chunks([...keys]))
    yield everywhere(life, (lab) => chunk.reduce((now, key) => without(now, key), lab));
  for (const index of events.keys()) yield* lessChange(life, index);
  for (const key of keys) {
    for (const field of FIELDS)
      yield everywhere(life, (lab) => lab.map((thing) => (thing.key === key ? bare(thing, field) : thing)));
  }
}

/** Yields halves, quarters and so on, down to single items. */
function* chunks<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}

function* ofEvent(life: Life, index: number): Generator<Life> {
  const event = life.events[index];
  const put = (...instead: Event[]): Life => ({ ...life, events: life.events.toSpliced(index, 1, ...instead) });
  if (event?.do === "crash") {
    const { stack, lab, by } = event;
    yield put({ do: "up", stack, lab, by });
    if (event.after > 1) yield put({ ...event, after: 1 });
    for (
      let after = Math.floor(event.after / 2);
      after > 1 && after < event.after;
      after = Math.ceil((after + event.after) / 2)
    )
      yield put({ ...event, after });
  }
  if (event?.do === "fail") {
    yield put({ do: "up", stack: event.stack, lab: event.lab, by: event.by });
    for (let after = 0; after < event.after; after += 1) yield put({ ...event, after });
  }
  if (event?.do === "drift")
    for (const command of event.commands) if (event.commands.length > 1) yield put({ ...event, commands: [command] });
  if (event?.do === "up" && event.by.length > 0) yield put({ ...event, by: [] });
  if (event?.do === "up" && event.found !== undefined) {
    const { found } = event;
    for (const chunk of chunks(found)) yield put({ ...event, found: found.filter((key) => !chunk.includes(key)) });
  }
  if (event !== undefined && "lab" in event)
    for (const chunk of chunks(event.lab))
      yield put({ ...event, lab: chunk.reduce((now: Lab, { key }) => without(now, key), event.lab) });
}

/** Reverts differences from the previous program, object by object and field by field. */
function* lessChange(life: Life, index: number): Generator<Life> {
  const event = life.events[index];
  if (event === undefined || !("lab" in event)) return;
  const before = life.events.slice(0, index).findLast((other) => other.stack === event.stack && "lab" in other);
  if (before === undefined || !("lab" in before)) return;
  const put = (lab: Lab): Life => ({ ...life, events: life.events.with(index, { ...event, lab }) });
  yield put([...before.lab]);
  for (const old of before.lab) {
    const now = event.lab.find(({ key }) => key === old.key);
    if (now === undefined) yield put([...event.lab, old]);
    else if (!isSame(now, old)) {
      yield put(event.lab.map((thing) => (thing === now ? old : thing)));
      for (const field of now.kind === old.kind ? Object.keys({ ...old, ...now }) : [])
        yield put(event.lab.map((thing) => (thing === now ? mixed(now, old, field) : thing)));
      if (now.kind === "veth" && old.kind === "veth")
        for (const side of ["a", "b"] as const)
          for (const field of Object.keys({ ...old[side], ...now[side] }))
            yield put(
              event.lab.map((thing) =>
                thing === now ? { ...now, [side]: mixed(now[side], old[side], field) } : thing,
              ),
            );
    }
  }
}

const everywhere = (life: Life, change: (lab: Lab) => Lab): Life => ({
  ...life,
  events: life.events.map((event) => ("lab" in event ? { ...event, lab: change(event.lab) } : event)),
});

/** Returns an object with one field of another. */
function mixed<T extends object>(thing: T, other: T, field: string): T {
  const value = (other as Record<string, unknown>)[field];
  const { [field]: _, ...rest } = thing as Record<string, unknown>;
  return (value === undefined ? rest : { ...rest, [field]: value }) as T;
}

/** The fields that an object does not require. */
const FIELDS = [
  ...[
    "options",
    "mtu",
    "mac",
    "up",
    "altname",
    "stp",
    "lab",
    "second",
    "spans",
    "addresses",
    "gateways",
    "master",
    "place",
    "metric",
    "on",
    "hop",
    "members",
    "blackhole",
    "via",
    "refs",
  ],
  ...["outInterface", "source", "destination", "nameservers", "nat", "router", "hosts", "joins", "gateway", "ports"],
] as const;

const LISTS: readonly string[] = ["hosts", "joins", "members", "ports", "spans"];

function bare(thing: Thing, field: string): Thing {
  const plain = <T extends object>(fields: T): T => {
    const { [field]: value, ...rest } = fields as Record<string, unknown>;
    if (LISTS.includes(field) && Array.isArray(value)) return { ...rest, [field]: value.slice(1) } as T;
    return rest as T;
  };
  if (thing.kind === "veth") return { ...plain(thing), a: plain(thing.a), b: plain(thing.b) };
  if (field === "destination" && thing.kind === "route") return thing;
  if (field === "place" && thing.kind === "hosts") return thing;
  if (field === "on" && ["address", "neighbor", "shaper"].includes(thing.kind)) return thing;
  return plain(thing);
}

/** Returns the size of a life: its objects, their fields, and its changes. */
function size({ order, events }: Life): number {
  let [total, before] = [order === undefined ? 0 : 5, ""];
  for (const event of events) {
    total += 50;
    if (event.do === "crash" || event.do === "fail") total += 20 + event.after;
    if (event.do === "drift") total += 20 + 10 * event.commands.length;
    if (event.do === "up") total += 10 * (event.found?.length ?? 0);
    if (!("lab" in event)) continue;
    const text = JSON.stringify(event.lab);
    total += event.by.length + 20 * event.lab.length + text.length / 10 + changes(before, event.lab);
    total += event.lab.flatMap(references).length;
    before = text;
  }
  return total;
}

/** Returns the number of objects that differ. */
const changes = (before: string, lab: Lab): number =>
  10 * lab.filter((thing) => !before.includes(JSON.stringify(thing))).length;

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
