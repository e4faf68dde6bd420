import { entryIdOf, type Entry } from '../journal/entry.ts';
import { CENTRE_BEARER } from './apply-clock-step.ts';
import { endFault, placeOfCentre, tellFault } from './centre-fault.ts';
import type { DiskNews } from './disk-news.ts';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';

/** The fault on the desk, of the device `centre`: telemetry stays with the devices until somebody makes room. */
export function applyDiskNews(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  { state, freeBytes }: DiskNews,
  firedAt: number,
): void {
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at: firedAt };
  if (state === 'back') return endFault(ground, 'diskSpace');
  const value = Math.round(freeBytes / 1024 / 1024);
  const words = { value, measure: 'freeMib', isRunningCount: true } as const;
  tellFault({ ...ground, entryId: entryIdOf(entry) }, 'diskSpace', { level: 'alarm', ...words });
}
