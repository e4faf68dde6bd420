import { useState } from 'react';
import { isTourOver, keepTourOver, tourSteps, type TourStep } from './tour-steps.ts';

export type Tour = {
  /** The step that is shown; undefined while the tour is closed. */
  readonly step: TourStep | undefined;
  readonly index: number;
  /** Forward or back; forward from the last step ends the tour. */
  readonly go: (by: 1 | -1) => void;
  readonly close: () => void;
  readonly restart: () => void;
};

/** The tour of one user: open at the first visit, then only when asked for. No user yet, no tour. */
export function useTour(username: string | undefined): Tour {
  const [opened, setOpened] = useState<number>();
  const [isOver, setOver] = useState(false);
  const isFirst = username !== undefined && !isOver && !isTourOver(localStorageOrNone(), username);
  const index = opened ?? 0;
  const step = opened !== undefined || isFirst ? tourSteps[index] : undefined;

  const close = (): void => {
    if (username !== undefined) keepTourOver(localStorageOrNone(), username);
    setOver(true);
    setOpened(undefined);
  };
  const go = (by: 1 | -1): void => {
    const next = index + by;
    if (next >= tourSteps.length) close();
    else setOpened(Math.max(0, next));
  };
  return { step, index, go, close, restart: () => setOpened(0) };
}

/** The very property throws where a browser forbids storage. */
function localStorageOrNone(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
