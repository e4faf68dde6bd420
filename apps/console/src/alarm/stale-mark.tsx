import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { isStaleAlarm } from './stale-alarm.ts';
import { useCentreNow } from '../format/age.tsx';

/** Comes by itself when the hour comes. */
export function StaleMark({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const now = useCentreNow(60_000);
  return isStaleAlarm(alarm, now) ? (
    <span className="tag" title={t('desk.staleWhy')} data-testid="stale">
      {t('desk.stale')}
    </span>
  ) : null;
}
