import './priority-pill.css';
import type { Priority } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { isExercise } from './alarm-order.ts';
import { standingOf } from './alarm-standing.ts';

/** Outlines on a 16 x 16 field; each priority has its own, so that the pill reads without colour. */
const shapes: Record<Priority, string> = {
  P1: 'M8 1 15 8 8 15 1 8z',
  P2: 'M8 1.5 15 14.5H1z',
  P3: 'M2 2h12v12H2z',
  P4: 'M8 1.5a6.5 6.5 0 1 0 .01 0z',
};

/** Class that gives `--colour` to whatever draws an alarm: by priority, violet for drill, test and replay. */
export function colourClass({ priority, origin }: Pick<Alarm, 'priority' | 'origin'>): string {
  return isExercise(origin) ? 'exercise' : priority.toLowerCase();
}

/** Shape, letter and colour; filled = unacknowledged, outlined = acknowledged, thin = set aside or ended. */
export function PriorityPill({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const standing = standingOf(alarm.state);
  const isDrill = alarm.origin === 'drill';
  const blinks =
    standing === 'unacknowledged' &&
    !isExercise(alarm.origin) &&
    (alarm.category === 'fire' || alarm.priority === 'P1');
  return (
    <span
      className={`pill ${colourClass(alarm)} ${standing}${blinks ? ' urgent' : ''}`}
      role="img"
      aria-label={`${alarm.priority} ${t(`standing.${standing}`)}${isDrill ? ` ${t('origin.drill')}` : ''}`}
    >
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <path d={shapes[alarm.priority]} />
      </svg>
      {isDrill ? '演' : alarm.priority}
    </span>
  );
}

/** The shape alone, for legends and tiles. */
export function PriorityShape({ alarm }: { readonly alarm: Pick<Alarm, 'priority' | 'origin'> }) {
  return (
    <svg
      className={`priority-shape ${colourClass(alarm)}`}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
    >
      <path d={shapes[alarm.priority]} />
    </svg>
  );
}
