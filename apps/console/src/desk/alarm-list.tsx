import type { Alarm } from '@fengsui/protocol';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMediaQuery } from '../shell/use-media-query.ts';
import type { GroupEntry } from '../alarm/group-queue.ts';
import { AlarmRow } from './alarm-row.tsx';
import { GroupRow } from './group-row.tsx';
import type { PendingAct } from './pending-act.ts';

export type AlarmListProps = {
  /** Alarms, and rows that stand for a group of them. */
  readonly alarms: readonly Alarm[];
  readonly groupOf: (rowId: string) => GroupEntry | undefined;
  readonly openGroupIds: ReadonlySet<string>;
  readonly pending: ReadonlyMap<string, PendingAct>;
  /** The row the keys act on. `request` rises with every key, so that the same row can be focused again. */
  readonly focus: { readonly id: string | undefined; readonly request: number };
  readonly openId: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly isStale: boolean;
  /** Shown in place of rows when there are none: words, never a blank. */
  readonly emptyWords: ReactNode;
  readonly pill: ReactNode;
  readonly onHold: (reason: 'hover' | 'focus' | 'scroll', isOn: boolean) => void;
  readonly onFocusRow: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onSelect: (id: string) => void;
};

const columns = ['priority', 'what', 'where', 'value', 'confidence', 'age', 'state', 'who'] as const;

/** The queue as a virtual grid: as many rows in the page as fit on the screen, whatever the flood. */
export function AlarmList(props: AlarmListProps) {
  const { alarms, focus, onHold } = props;
  const { t } = useTranslation();
  const isNarrow = useMediaQuery('(max-width: 900px)');
  const rowHeight = isNarrow ? 92 : 56;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: alarms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => alarms[index]?.id ?? index,
    overscan: 6,
  });

  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);

  const handled = useRef(0);
  useEffect(() => {
    if (focus.request === handled.current) return;
    handled.current = focus.request;
    const index = alarms.findIndex(({ id }) => id === focus.id);
    if (index === -1) return;
    virtualizer.scrollToIndex(index);
    // The row may have to be drawn first.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] > [role="row"]`)?.focus({
        preventScroll: true,
      });
    });
  }, [alarms, focus, virtualizer]);

  const tabStop = alarms.some(({ id }) => id === focus.id) ? focus.id : alarms[0]?.id;
  return (
    <div
      className={`alarm-list${props.isStale ? ' is-stale' : ''}`}
      role="grid"
      aria-label={t('desk.queue')}
      aria-rowcount={alarms.length + 1}
      aria-colcount={columns.length + 1}
      data-testid="alarm-list"
    >
      <div role="rowgroup" className="alarm-head-group">
        <div role="row" className="alarm-head" aria-rowindex={1}>
          <span role="columnheader" className="select-cell">
            <span className="visually-hidden">{t('desk.selectRow')}</span>
          </span>
          {columns.map((column) => (
            <span key={column} role="columnheader" className={`head-${column}`}>
              {t(`desk.column.${column}`)}
            </span>
          ))}
        </div>
      </div>
      {props.pill}
      <div
        ref={scroller}
        role="rowgroup"
        className="alarm-body"
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && onHold('hover', true)}
        onPointerLeave={() => onHold('hover', false)}
        onFocus={({ target }) => {
          onHold('focus', true);
          const id = alarmIdAt(target);
          if (id !== undefined) props.onFocusRow(id);
        }}
        onClick={({ target }) => {
          const id = alarmIdAt(target);
          if (id === undefined) return;
          if (target instanceof HTMLInputElement) props.onSelect(id);
          else props.onOpen(id);
        }}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget)) onHold('focus', false);
        }}
        onScroll={({ currentTarget }) => onHold('scroll', currentTarget.scrollTop > 4)}
      >
        {alarms.length === 0 ? (
          <div role="row">
            <div role="gridcell" className="empty" data-testid="queue-empty">
              {props.emptyWords}
            </div>
          </div>
        ) : null}
        <div role="presentation" className="alarm-canvas" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start, size }) => {
            const alarm = alarms[index];
            if (alarm === undefined) return null;
            const entry = props.groupOf(alarm.id);
            const row = {
              alarm,
              index,
              top: start,
              height: size,
              isTabStop: alarm.id === tabStop,
              isSelected: props.selected.has(alarm.id),
            };
            return (
              <div key={key} role="presentation" data-index={index}>
                {entry === undefined ? (
                  <AlarmRow {...row} act={props.pending.get(alarm.id)} isOpen={alarm.id === props.openId} />
                ) : (
                  <GroupRow {...row} entry={entry} isExpanded={props.openGroupIds.has(alarm.id)} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function alarmIdAt(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-alarm-id]')?.dataset.alarmId : undefined;
}
