import type { Alarm } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmFigures } from '../alarm/alarm-figures.ts';
import { AlarmTitle } from '../alarm/alarm-title.tsx';
import { standingOf } from '../alarm/alarm-standing.ts';
import { colourClass, PriorityPill } from '../alarm/priority-pill.tsx';
import { usePlace } from '../alarm/use-place.ts';
import { useUnknownWords } from '../alarm/use-unknown-words.ts';
import { Stopwatch } from '../format/age.tsx';
import { branchName, stateName } from '../locale/words.ts';
import { useFeedAge } from '../shell/feed-chip.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { useSize } from '../chart/use-size.ts';

const rowHeight = 68;
const moreHeight = 34;

/** The queue on the wall: whole rows only, and how many more there are. */
export function WallQueue({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const age = useFeedAge() ?? '–';
  const unknown = useUnknownWords();
  const place = useRef<HTMLDivElement>(null);
  const { height } = useSize(place);
  const room = Math.max(1, Math.floor(height / rowHeight));
  const shownCount = alarms.length <= room ? alarms.length : Math.max(1, Math.floor((height - moreHeight) / rowHeight));
  const restCount = alarms.length - shownCount;
  return (
    <div ref={place} className="wall-queue-room">
      {alarms.length === 0 ? (
        <p className="empty" data-testid="queue-empty">
          {unknown ?? t('desk.empty', { age })}
        </p>
      ) : null}
      <ul className="wall-queue">
        {alarms.slice(0, shownCount).map((alarm) => (
          <WallRow key={alarm.id} alarm={alarm} />
        ))}
      </ul>
      {restCount > 0 ? (
        <p className="wall-more">
          <Link to="/desk">{t('wall.moreRows', { n: restCount })}</Link>
        </p>
      ) : null}
    </div>
  );
}

function WallRow({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const { venue, spot } = usePlace(alarm);
  const { value, limit } = alarmFigures(t, alarm);
  const figures = [value, limit ? t('desk.limit', { limit }) : undefined].filter(Boolean).join(' · ');
  const isFire = alarm.category === 'fire';
  return (
    <li
      className={`wall-row ${standingOf(alarm.state)} ${colourClass(alarm)}${isFire ? ' fire' : ''}`}
      data-testid="alarm-row"
      data-alarm-id={alarm.id}
      data-state={alarm.state}
      data-priority={alarm.priority}
    >
      <PriorityPill alarm={alarm} />
      <div className="wall-line first">
        <span>
          <OriginTag origin={alarm.origin} />{' '}
          <b>
            <AlarmTitle alarm={alarm} />
          </b>{' '}
          {venue}
        </span>
        <b className="age">
          <Stopwatch since={alarm.raisedAt} />
        </b>
      </div>
      <div className="wall-line second">
        <span>{[figures, spot, branchName(t, alarm.pointId)].filter(Boolean).join(' · ')}</span>
        <span>{alarm.acknowledgedBy ?? stateName(t, alarm)}</span>
      </div>
    </li>
  );
}
