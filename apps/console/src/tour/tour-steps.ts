/** The tour over the duty desk, in the order it is shown. Words: `tour.{step}` of the catalogues. */
export const tourSteps = ['queue', 'keys', 'feed', 'capture', 'wall'] as const;
export type TourStep = (typeof tourSteps)[number];

type Keeper = Pick<Storage, 'getItem' | 'setItem'>;

const keyOf = (username: string): string => `fengsui.tour.${username}`;

/** Whether this user has finished or dismissed the tour in this browser; a browser that keeps nothing shows none. */
export function isTourOver(storage: Keeper | undefined, username: string): boolean {
  try {
    return storage === undefined || storage.getItem(keyOf(username)) === 'over';
  } catch {
    return true;
  }
}

/** Remembers that the user is done with the tour. */
export function keepTourOver(storage: Keeper | undefined, username: string): void {
  try {
    storage?.setItem(keyOf(username), 'over');
  } catch {
    // Storage is full or forbidden: the tour stays closed until the page is closed.
  }
}
