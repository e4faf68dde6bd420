import { formatDataAge } from '../format/duration.ts';
import type { Translate } from '../locale/i18n.ts';

/** Below it the way here alone explains the difference. */
const SAME_MS = 1_000;

/** A device's clock against the centre's: `比中心慢 12 s`. */
export function clockWords(t: Translate, offsetMs: number | undefined): string {
  if (offsetMs === undefined) return t('clock.unknown');
  if (Math.abs(offsetMs) < SAME_MS) return t('clock.same');
  const time = formatDataAge(Math.abs(offsetMs));
  return offsetMs > 0 ? t('clock.ahead', { time }) : t('clock.behind', { time });
}
