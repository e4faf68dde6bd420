import { entryIdOf, type Entry } from '../journal/entry.ts';
import { CENTRE_BEARER } from './apply-clock-step.ts';
import type { BackupNews } from './backup-news.ts';
import { endFault, placeOfCentre, tellFault } from './centre-fault.ts';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';

/** The fault on the desk, of the device `centre`: nobody looks at backups until one is needed. */
export function applyBackupNews(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  { state }: BackupNews,
  firedAt: number,
): void {
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at: firedAt };
  if (state === 'made') endFault(ground, 'backupFailed');
  else tellFault({ ...ground, entryId: entryIdOf(entry) }, 'backupFailed');
}
