/** Returns a part of a rule, which `nft --json` has shown, in the words of nft. Lists of values are shortened to `{ … }`. */
export function partText(part: unknown): string {
  if (!isGroup(part)) return String(part);
  const [[word = "", inner] = []] = Object.entries(part);
  if (word !== "match" || !isGroup(inner)) return [word, ...wordsOf(inner)].join(" ");
  const { op, left, right } = inner;
  return [leftText(left), ...(op === "==" || op === "in" ? [] : [String(op)]), valueText(right)].join(" ");
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the words after that of a statement: the object to which it refers, if it has one. */
function wordsOf(inner: unknown): string[] {
  if (typeof inner === "string") return [inner];
  if (!isGroup(inner)) return [];
  const { type, target, name } = inner;
  return [type, target, name].filter((word) => typeof word === "string");
}

/** Returns what a match reads, e.g. `ip saddr` or `ct state`. */
function leftText(left: unknown): string {
  if (!isGroup(left)) return String(left);
  const [[word = "", inner] = []] = Object.entries(left);
  if (!isGroup(inner)) return word;
  const { protocol, field, flags, result, key } = inner;
  // nft writes the name of an interface without `meta`.
  const isName = word === "meta" && (key === "iifname" || key === "oifname");
  const words = word === "payload" ? [protocol, field] : [isName ? undefined : word, flags, result, key];
  return words
    .flat()
    .filter((one) => typeof one === "string")
    .join(" ");
}

function valueText(right: unknown): string {
  if (Array.isArray(right)) return right.map(valueText).join(",");
  if (!isGroup(right)) return String(right);
  const { prefix, range } = right;
  if (isGroup(prefix)) return `${String(prefix["addr"])}/${String(prefix["len"])}`;
  return Array.isArray(range) ? range.map(valueText).join("-") : "{ … }";
}
