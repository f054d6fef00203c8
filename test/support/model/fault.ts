/** The error for an unexpected result. */
export class Fault extends Error {
  /** The index of the event; `stage` is the check that failed after it. */
  readonly at: number;
  readonly stage: string;

  constructor(at: number, stage: string, what: string) {
    super(`event ${at}, ${stage}: ${what}`);
    this.at = at;
    this.stage = stage;
  }
}
