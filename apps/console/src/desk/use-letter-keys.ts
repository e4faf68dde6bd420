import { useState } from 'react';

const storageKey = 'fengsui.letterKeys';

export function areLetterKeysOn(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

/** Whether single-letter keys act on this seat; kept in the browser, on unless switched off. */
export function useLetterKeys(): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(areLetterKeysOn);
  return [
    isOn,
    (next) => {
      setOn(next);
      try {
        window.localStorage.setItem(storageKey, next ? 'on' : 'off');
      } catch {
        // The switch holds until the page is closed.
      }
    },
  ];
}
