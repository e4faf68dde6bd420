const LOCK = 'fengsui.sound';

/**
 * Of the tabs of one seat, one sounds; when it is closed, the next does. Where the browser has no locks every tab does.
 *
 * @returns what gives it up.
 */
export function becomeSoundingTab(onBecome: () => void): () => void {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks === undefined) {
    onBecome();
    return () => undefined;
  }
  const waiting = new AbortController();
  let giveUp = (): void => waiting.abort();
  locks
    .request(LOCK, { signal: waiting.signal }, () => {
      onBecome();
      return new Promise<void>((resolve) => {
        giveUp = resolve;
      });
    })
    // Given up before it was its turn.
    .catch(() => undefined);
  return () => giveUp();
}
