import type { Alarm } from '@fengsui/protocol';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { standingOf } from '../alarm/alarm-standing.ts';
import type { GroupEntry } from '../alarm/group-queue.ts';
import { GroupKinds, GroupTitle, GroupVenues } from '../alarm/group-words.tsx';
import { colourClass, PriorityPill } from '../alarm/priority-pill.tsx';
import { StaleMark } from '../alarm/stale-mark.tsx';
import { Stopwatch } from '../format/age.tsx';
import { stateName } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import type { AlarmRowProps } from './alarm-row.tsx';

export type GroupRowProps = Omit<AlarmRowProps, 'act' | 'isOpen'> & {
  readonly entry: GroupEntry;
  /** Its alarms stand below it. */
  readonly isExpanded: boolean;
};

/** Many alarms with one cause: a row of the grid that opens to them. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { t } = useTranslation();
  const { alarm: row, entry, index, isExpanded } = props;
  const { group } = entry;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-expanded={isExpanded}
      className={`alarm-row group-row ${standingOf(row.state)} ${colourClass(row)}`}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      tabIndex={props.isTabStop ? 0 : -1}
      title={t(isExpanded ? 'group.close' : 'group.open')}
      data-testid="alarm-group-row"
      data-alarm-id={row.id}
      data-state={row.state}
      data-priority={row.priority}
    >
      <span role="gridcell" className="select-cell">
        <input type="checkbox" tabIndex={-1} aria-label={t('group.select')} checked={props.isSelected} readOnly />
      </span>
      <span role="gridcell" className="pill-cell">
        <PriorityPill alarm={row} />
      </span>
      <span role="gridcell" className="what">
        <b>
          <span aria-hidden="true">{isExpanded ? '▾ ' : '▸ '}</span>
          <GroupTitle group={group} />
        </b>
        <span className="sub">
          <StaleMark alarm={row} />
          <OriginTag origin={group.origin} />
          <GroupKinds group={group} />
        </span>
      </span>
      <span role="gridcell" className="where">
        <GroupVenues group={group} />
        <span className="sub">{t('group.inGroup')}</span>
      </span>
      <span role="gridcell" className="value">
        <span>{t('group.waiting', { n: group.unacknowledgedCount })}</span>
        <span className="sub">{t('group.active', { n: group.activeCount })}</span>
      </span>
      <span role="gridcell" className="confidence" />
      <span role="gridcell" className="age">
        <Stopwatch since={row.raisedAt} />
      </span>
      <span role="gridcell" className="state">
        <span>{stateName(t, row)}</span>
      </span>
      <span role="gridcell" className="who-cell">
        {whoAcknowledged(entry.children)}
      </span>
    </div>
  );
});

/** Told only when it was one person for all. */
function whoAcknowledged(children: readonly Alarm[]): string {
  const who = new Set(children.map(({ acknowledgedBy }) => acknowledgedBy ?? ''));
  return who.size === 1 ? ([...who][0] ?? '') : '';
}
