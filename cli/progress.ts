/** Tells on a terminal how far a long work has come, in a line that goes again; in a pipe or a file, nothing. */
export interface Progress {
  /** So many of all are done. */
  step(done: number, all: number): void;
  /** Takes the line away. */
  end(): void;
}

/**
 * Starts with a second of silence: what is done by then needs no line.
 *
 * @param what What is counted: `pings`.
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

/** Back to the beginning of the line, and what stands there is wiped out. */
const START_OF_LINE = "\r\u001b[K";
