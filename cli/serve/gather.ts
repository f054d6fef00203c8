/** Returns a function that starts `work` after a short delay: once for several calls, and never while it still runs. */
export function gather(work: () => Promise<void>): () => void {
  let isDue = false;
  let isBusy = false;
  const run = (): void => {
    isBusy = true;
    isDue = false;
    void work().then(() => {
      isBusy = false;
      if (isDue) setTimeout(run, GATHER_MS);
    });
  };
  return () => {
    if (!isDue && !isBusy) setTimeout(run, GATHER_MS);
    isDue = true;
  };
}

/** The delay before a batch of changes is processed, in milliseconds: one command often causes several. */
const GATHER_MS = 150;
