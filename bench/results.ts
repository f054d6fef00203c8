/** The measurements of a lab in a column, in the order of a table. */
export const ROWS = {
  create: { title: "create", unit: "ms" },
  noop: { title: "no-op up", unit: "ms" },
  preview: { title: "preview", unit: "ms" },
  refresh: { title: "refresh", unit: "ms" },
  change: { title: "one change", unit: "ms" },
  destroy: { title: "destroy", unit: "ms" },
  gone: { title: "all gone", unit: "ms" },
  createCpu: { title: "create, processor", unit: "ms" },
  noopCpu: { title: "no-op up, processor", unit: "ms" },
  previewCpu: { title: "preview, processor", unit: "ms" },
  refreshCpu: { title: "refresh, processor", unit: "ms" },
  changeCpu: { title: "one change, processor", unit: "ms" },
  destroyCpu: { title: "destroy, processor", unit: "ms" },
  memory: { title: "memory", unit: "bytes" },
  state: { title: "state", unit: "bytes" },
} as const;

export type Row = keyof typeof ROWS;

/** All values of one column in one lab, one for each round, or why there are none. */
export interface Measured {
  readonly lab: string;
  readonly size: number;
  readonly column: string;
  /** The number of resources of the lab in this column. */
  readonly pieces: number;
  values: Partial<Record<Row, number[]>>;
  absent?: string;
}

/** The results that a run of the benchmark writes. */
export interface Results {
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  readonly columns: readonly { readonly name: string; readonly title: string; readonly floor?: string }[];
  readonly measured: readonly Measured[];
}

/** Returns the median of some numbers; undefined for none. */
export function median(numbers: readonly number[] = []): number | undefined {
  const sorted = numbers.toSorted((left, right) => left - right);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Returns the ratio of a column's value to that of its floor in the same lab; undefined if either is missing. */
export function ratio({ columns, measured }: Results, of: Measured, row: Row): number | undefined {
  const floor = columns.find(({ name }) => name === of.column)?.floor;
  const below = measured.find(({ lab, size, column }) => lab === of.lab && size === of.size && column === floor);
  const [own, least] = [median(of.values[row]), median(below?.values[row])];
  return own === undefined || least === undefined || least === 0 ? undefined : own / least;
}
