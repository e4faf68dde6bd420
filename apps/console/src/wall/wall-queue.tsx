import type { Alarm } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmFigures } from '../alarm/alarm-figures.ts';
import { AlarmTitle } from '../alarm/alarm-title.tsx';
import { standingOf } from '../alarm/alarm-standing.ts';
import { groupQueue, type GroupEntry } from '../alarm/group-queue.ts';
import { GroupKinds, GroupTitle, GroupVenues } from '../alarm/group-words.tsx';
import { colourClass, PriorityPill } from '../alarm/priority-pill.tsx';
import { usePlace } from '../alarm/use-place.ts';
import { useUnknownWords } from '../alarm/use-unknown-words.ts';
import { StaleMark } from '../alarm/stale-mark.tsx';
import { Stopwatch } from '../format/age.tsx';
import { branchName, stateName } from '../locale/words.ts';
import { useFeedAge } from '../shell/feed-chip.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { useSize } from '../chart/use-size.ts';

const rowHeight = 68;
const moreHeight = 34;
const nothingOpen: ReadonlySet<string> = new Set();

/** The queue on the wall: whole rows only, one for alarms of one cause, and how many more there are. */
export function WallQueue({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const age = useFeedAge() ?? '–';
  const unknown = useUnknownWords();
  const place = useRef<HTMLDivElement>(null);
  const { height } = useSize(place);
  const { ordered, groups } = useMemo(() => groupQueue(alarms, nothingOpen), [alarms]);
  const room = Math.max(1, Math.floor(height / rowHeight));
  const shownCount =
    ordered.length <= room ? ordered.length : Math.max(1, Math.floor((height - moreHeight) / rowHeight));
  const restCount = ordered.length - shownCount;
  return (
    <div ref={place} className="wall-queue-room">
      {alarms.length === 0 ? (
        <p className="empty" data-testid="queue-empty">
          {unknown ?? t('desk.empty', { age })}
        </p>
      ) : null}
      <ul className="wall-queue">
        {ordered.slice(0, shownCount).map((alarm) => {
          const entry = groups.get(alarm.id);
          return entry === undefined ? (
            <WallRow key={alarm.id} alarm={alarm} />
          ) : (
            <WallGroupRow key={alarm.id} row={alarm} entry={entry} />
          );
        })}
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
        <span>
          <StaleMark alarm={alarm} /> {alarm.acknowledgedBy ?? stateName(t, alarm)}
        </span>
      </div>
    </li>
  );
}

function WallGroupRow({ row, entry: { group } }: { readonly row: Alarm; readonly entry: GroupEntry }) {
  const { t } = useTranslation();
  return (
    <li
      className={`wall-row group-row ${standingOf(row.state)} ${colourClass(row)}`}
      data-testid="alarm-group-row"
      data-alarm-id={row.id}
      data-state={row.state}
    >
      <PriorityPill alarm={row} />
      <div className="wall-line first">
        <span>
          <OriginTag origin={group.origin} />{' '}
          <b>
            <GroupTitle group={group} />
          </b>{' '}
          <GroupVenues group={group} />
        </span>
        <b className="age">
          <Stopwatch since={row.raisedAt} />
        </b>
      </div>
      <div className="wall-line second">
        <span>
          <GroupKinds group={group} />
        </span>
        <span>
          <StaleMark alarm={row} /> {t('group.waiting', { n: group.unacknowledgedCount })}
        </span>
      </div>
    </li>
  );
}
