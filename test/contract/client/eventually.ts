const POLL_MS = 25;
/** Far above what it takes anywhere: it ends a test that hangs, and judges no speed. */
const DEFAULT_TIMEOUT_MS = 60_000;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until the answer is neither undefined nor false; fails with what was waited for and seen last. */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false> | Value | undefined | false,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  let failure = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      failure = '';
    } catch (error) {
      failure = `; last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}${failure}`);
    await sleep(POLL_MS);
  }
}

/** The promise, or a failure that names what did not come. */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms: ${what}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
