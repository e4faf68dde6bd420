import process from 'node:process';

const STOP_TIMEOUT_MS = 10_000;
/** npm passes Ctrl-C on to a process that has had it from the terminal already: a repeat within this time is the same. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at the first signal to stop; a later one means "now". */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve(signal);
        if (performance.now() - firstAt <= SAME_SIGNAL_MS) return;
        console.error(`fengsui start: ${signal} again, leaving at once; the journal keeps what was taken`);
        process.exit(1);
      });
    }
  });
}

/** What is not flushed by then is in the journal, and is applied at the next start. */
export async function withTimeout<Result>(work: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => {
    console.error(
      `fengsui start: not stopped within ${STOP_TIMEOUT_MS / 1000} s, leaving; the journal keeps what was taken`,
    );
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  try {
    return await work;
  } finally {
    // What was left open must not hold the process for longer either.
    timer.unref();
  }
}
