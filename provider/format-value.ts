/** Formats a given value for an error. */
export function formatValue(value: unknown): string {
  const text = value === undefined ? "nothing" : Number.isNaN(value) ? "NaN" : JSON.stringify(value);
  if (text.length <= 80) return text;
  return `${text.slice(0, 77)}…${text.startsWith('"') ? '"' : ""}`;
}
