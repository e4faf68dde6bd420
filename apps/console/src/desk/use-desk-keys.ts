import { useEffect, useEffectEvent } from 'react';
import { deskActionOf, type DeskAction } from './key-bindings.ts';

/** Listens for the keys of the desk on the whole page; silent while any dialog is open, which has its own keys. */
export function useDeskKeys(areLettersOn: boolean, run: (action: DeskAction) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    // Arrows and Enter belong to a control that has the focus; a row of the queue is none.
    const isControl = target?.closest('a, button, select, summary') != null && event.key !== 'Escape';
    const action = deskActionOf(
      {
        key: event.key,
        shift: event.shiftKey,
        hasModifier: event.ctrlKey || event.altKey || event.metaKey,
        isTyping: isTextField(target),
      },
      areLettersOn,
    );
    if (action === undefined || (isControl && (event.key === 'Enter' || event.key.startsWith('Arrow')))) return;
    event.preventDefault();
    run(action);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function isTextField(target: HTMLElement | undefined): boolean {
  if (target instanceof HTMLInputElement)
    return target.type !== 'checkbox' && target.type !== 'radio' && target.type !== 'button';
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target?.isContentEditable === true
  );
}
