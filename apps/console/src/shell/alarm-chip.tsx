import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { countAlarms } from '../alarm/alarm-order.ts';
import { useLiveView } from '../live/live-feed.tsx';

/** Unacknowledged alarms on every page, red when a fire is among them; leads to the duty desk. */
export function AlarmChip() {
  const { t } = useTranslation();
  const { state, phase } = useLiveView();
  const counts = useMemo(() => countAlarms(state.alarms.values()), [state.alarms]);
  if (phase === 'loading' || counts.unacknowledged === 0) return null;
  return (
    <Link to="/desk" className={`chip alarm-chip${counts.fire > 0 ? ' fire' : ''}`} data-testid="alarm-chip">
      {counts.fire > 0 ? (
        t('desk.fireWaiting', { n: counts.fire })
      ) : (
        <>
          {t('standing.unacknowledged')} <b>{counts.unacknowledged}</b>
        </>
      )}
    </Link>
  );
}
