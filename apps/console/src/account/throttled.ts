/**
 * Calls `act` at once, and then once per `everyMs` at most; a call that came too early is made up for at the end of it, so
 * that the last one is never lost.
 */
export function throttled(
  everyMs: number,
  act: () => void,
): { readonly call: () => void; readonly cancel: () => void } {
  let actedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    actedAt = Date.now();
    act();
  };
  return {
    call: () => {
      if (timer !== undefined) return;
      const leftMs = actedAt + everyMs - Date.now();
      if (leftMs <= 0) run();
      else timer = setTimeout(run, leftMs);
    },
    cancel: () => clearTimeout(timer),
  };
}
