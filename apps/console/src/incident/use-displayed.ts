import type { Incident } from '@fengsui/protocol';
import { useEffect, useRef, type RefObject } from 'react';
import { usePermission } from '../account/use-session.ts';
import { incidentApi } from './incident-resources.ts';

/**
 * Tells the centre that a seat shows this incident: once it is really within what can be seen of a page in front, and
 * nobody has told before.
 */
export function useDisplayed<Shown extends Element>(incident: Incident): RefObject<Shown | null> {
  const element = useRef<Shown>(null);
  const mayHandle = usePermission('incident.handle');
  const { id, displayedAt } = incident;
  const isOwed = mayHandle && displayedAt === undefined;
  useEffect(() => {
    const shown = element.current;
    if (!isOwed || shown === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      // A page in the background draws nothing; it is looked at anew when it comes to the front.
      if (document.visibilityState !== 'visible' || !entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      // Lost on the way, the next seat that shows it tells of it; the time is then a later one, never an earlier one.
      incidentApi.displayed(id).catch(() => undefined);
    });
    const look = (): void => {
      observer.unobserve(shown);
      observer.observe(shown);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [id, isOwed]);
  return element;
}
