/** A contact that counts once it has held still. */
export type Contact = {
  /** What the contact says now; returns what counts when that has changed. */
  read(isActive: boolean, atMs: number): boolean | undefined;
};

/** @param debounceMs must hold for so long, both ways; 0 counts at once. The first reading that is active counts like any. */
export function createContact(debounceMs: number): Contact {
  let counts = false;
  let isKnown = false;
  let since: { readonly isActive: boolean; readonly atMs: number } | undefined;
  return {
    read(isActive, atMs) {
      if (since?.isActive !== isActive) since = { isActive, atMs };
      if (isKnown && counts === isActive) return undefined;
      if (atMs - since.atMs < debounceMs) return undefined;
      // The first that is told ends what a run before may have left active.
      isKnown = true;
      counts = isActive;
      return isActive;
    },
  };
}
