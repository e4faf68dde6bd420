import './alarm-brief.css';
import type { Alarm } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Stopwatch } from '../format/age.tsx';
import { pointName, stateName } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { alarmFigures } from './alarm-figures.ts';
import { AlarmTitle } from './alarm-title.tsx';
import { PriorityPill } from './priority-pill.tsx';

/** Alarms of a device or a venue in short; each leads to the duty desk. */
export function AlarmBriefList({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  return (
    <ul className="alarm-brief">
      {alarms.map((alarm) => {
        const { value, limit } = alarmFigures(t, alarm);
        return (
          <li key={alarm.id}>
            <PriorityPill alarm={alarm} />
            <span>
              <Link to="/desk" search={{ sel: alarm.id }}>
                <AlarmTitle alarm={alarm} />
              </Link>{' '}
              <OriginTag origin={alarm.origin} />
              <span className="muted sub">
                {pointName(t, alarm.pointId)}
                {value ? ` · ${value}` : ''}
                {limit ? ` · ${t('desk.limit', { limit })}` : ''} · {stateName(t, alarm)}
              </span>
            </span>
            <b>
              <Stopwatch since={alarm.raisedAt} />
            </b>
          </li>
        );
      })}
    </ul>
  );
}
