import { localActionKind } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmFigures } from '../alarm/alarm-figures.ts';
import { AlarmTitle } from '../alarm/alarm-title.tsx';
import { standingOf } from '../alarm/alarm-standing.ts';
import { colourClass, PriorityPill } from '../alarm/priority-pill.tsx';
import { StaleMark } from '../alarm/stale-mark.tsx';
import { usePlace } from '../alarm/use-place.ts';
import { VenueLifeTag } from '../commissioning/venue-life-tag.tsx';
import { LocalActFigures } from '../evidence/local-act-figures.tsx';
import { Stopwatch } from '../format/age.tsx';
import { formatShare } from '../format/quantity.ts';
import { branchName, stateName } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { visibleAct, type PendingAct } from './pending-act.ts';

export type AlarmRowProps = {
  readonly alarm: Alarm;
  readonly index: number;
  /** Pixels from the top of the list, and how high. */
  readonly top: number;
  readonly height: number;
  readonly act: PendingAct | undefined;
  readonly isTabStop: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
};

/** One alarm of the queue: a row of the grid. The list listens for all rows, so that an unchanged row is not drawn again. */
export const AlarmRow = memo(function AlarmRow(props: AlarmRowProps) {
  const { alarm, act, index } = props;
  const { t } = useTranslation();
  const place = usePlace(alarm);
  const { value, limit } = alarmFigures(t, alarm);
  const branch = branchName(t, alarm.pointId);
  const standing = standingOf(alarm.state);
  const shownAct = visibleAct(act, alarm);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isOpen}
      className={`alarm-row ${standing} ${colourClass(alarm)}${alarm.category === 'fire' ? ' fire' : ''}${props.isOpen ? ' open' : ''}${alarm.parentId === undefined ? '' : ' of-group'}`}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      tabIndex={props.isTabStop ? 0 : -1}
      data-testid="alarm-row"
      data-alarm-id={alarm.id}
      data-state={alarm.state}
      data-priority={alarm.priority}
      data-capture={alarm.captureId}
    >
      <span role="gridcell" className="select-cell">
        <input type="checkbox" tabIndex={-1} aria-label={t('desk.selectRow')} checked={props.isSelected} readOnly />
      </span>
      <span role="gridcell" className="pill-cell">
        <PriorityPill alarm={alarm} />
      </span>
      <span role="gridcell" className="what">
        <b>
          <AlarmTitle alarm={alarm} />
        </b>
        <span className="sub">
          {/* The marks come first: what is cut off at the end of a narrow row must not be that it is simulated. */}
          <OriginTag origin={alarm.origin} />
          <VenueLifeTag venue={place.venueRecord} />
          <StaleMark alarm={alarm} />
          {alarm.late ? <span className="tag">{t('desk.late')}</span> : null}
          {alarm.maintenance ? <span className="tag">{t('desk.maintenance')}</span> : null}
          {alarm.unmapped ? <span className="tag">{t('desk.unmapped')}</span> : null}
          {t(`category.${alarm.category}`)} · {t(`level.${alarm.level}`)}
          {alarm.chatter === undefined ? '' : ` · ${t('group.chatter', { n: alarm.chatter })}`}
          {alarm.count > 1 ? ` · ${t('desk.times', { n: alarm.count })}` : ''}
        </span>
      </span>
      <span role="gridcell" className="where">
        <span>{place.venue}</span>
        <span className="sub">{branch === undefined ? place.spot : `${place.spot} · ${branch}`}</span>
      </span>
      <span role="gridcell" className="value">
        {alarm.kind === localActionKind ? (
          <LocalActFigures alarm={alarm} />
        ) : value === undefined ? (
          <span className="sub none">–</span>
        ) : (
          <span>{value}</span>
        )}
        {limit === undefined ? null : <span className="sub">{t('desk.limit', { limit })}</span>}
      </span>
      <span role="gridcell" className="confidence">
        {formatShare(alarm.confidence)}
      </span>
      <span role="gridcell" className="age">
        <Stopwatch since={alarm.raisedAt} />
      </span>
      <span role="gridcell" className="state">
        <span>{stateName(t, alarm)}</span>
        {shownAct ? (
          <span className={`sub act-${shownAct.phase}`} title={shownAct.detail} data-testid="pending-act">
            {shownAct.phase === 'sending'
              ? t('desk.sending')
              : `✕ ${t(shownAct.phase === 'failed' ? 'desk.notDone' : 'desk.noAnswer')}`}
          </span>
        ) : alarm.clearedAt !== undefined && !alarm.state.startsWith('returned') && standing !== 'ended' ? (
          <span className="sub">{t('desk.cleared')}</span>
        ) : null}
      </span>
      <span role="gridcell" className="who-cell">
        {alarm.acknowledgedBy ?? ''}
      </span>
    </div>
  );
});
