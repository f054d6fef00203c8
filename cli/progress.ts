/** Shows the progress of a long operation on a terminal, in a line that is removed at the end; in a pipe or a file, nothing. */
export interface Progress {
  /** Reports how many of all items are done. */
  step(done: number, all: number): void;
  /** Removes the line. */
  end(): void;
}

/**
 * Shows progress after one second: a shorter operation needs none.
 *
 * @param what The items to count: `pings`.
 */
export function progress(what: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { step: () => undefined, end: () => undefined };
  let line = "";
  let isShown = false;
  const timer = setInterval(() => {
    stream.write(`${START_OF_LINE}${line}`);
    isShown = true;
  }, A_SECOND);
  return {
    step(done, all) {
      line = `${done} of ${all} ${what} …`;
    },
    end() {
      clearInterval(timer);
      if (isShown) stream.write(START_OF_LINE);
    },
  };
}

const A_SECOND = 1000;

/** Moves to the beginning of the line and clears it. */
const START_OF_LINE = "\r\u001b[K";
