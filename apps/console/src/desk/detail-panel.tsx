import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { standingOf } from '../alarm/alarm-standing.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { IncidentPanel } from '../incident/incident-panel.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { AlarmDetail } from './alarm-detail.tsx';
import { isShelvable } from './shelvable.ts';
import type { ActKind } from './use-desk-acts.ts';

export type DetailPanelProps = {
  readonly alarmId: string;
  /** Rises when a key asks for the next act of its incident. */
  readonly stepRequest: number;
  readonly onStart: (kind: ActKind, alarms: readonly Alarm[]) => void;
  readonly onUnshelve: (alarm: Alarm) => void;
  readonly onClose: () => void;
};

/** The open alarm at the right: by the feed, or by the API when it ended before the page was opened. */
export function DetailPanel({ alarmId, stepRequest, onStart, onUnshelve, onClose }: DetailPanelProps) {
  const { t } = useTranslation();
  const { state, phase } = useLiveView();
  const live = state.alarms.get(alarmId) ?? state.ended.get(alarmId);
  const stored = useQuery({ ...queries.alarm(alarmId), enabled: live === undefined && phase !== 'loading' });
  const alarm = live ?? stored.data;
  return (
    <aside
      className={`desk-detail panel${phase === 'disconnected' ? ' is-stale' : ''}`}
      aria-label={t('detail.label')}
      data-testid="alarm-detail"
    >
      <button type="button" className="plain close" aria-label={t('detail.close')} onClick={onClose}>
        ✕
      </button>
      {alarm ? (
        <AlarmDetail
          alarm={alarm}
          incident={<IncidentPanel alarm={alarm} stepRequest={stepRequest} />}
          actions={<DetailActions alarm={alarm} onStart={onStart} onUnshelve={onUnshelve} />}
        />
      ) : stored.isError && !isProblem(stored.error, 404) ? (
        <ProblemNote error={stored.error} onRetry={() => void stored.refetch()} />
      ) : (
        <p className="empty">{stored.isError ? t('detail.gone') : t('desk.loading')}</p>
      )}
    </aside>
  );
}

function DetailActions({
  alarm,
  onStart,
  onUnshelve,
}: Omit<DetailPanelProps, 'alarmId' | 'stepRequest' | 'onClose'> & { alarm: Alarm }) {
  const { t } = useTranslation();
  const mayAcknowledge = usePermission('alarm.acknowledge');
  const mayShelve = usePermission('alarm.shelve');
  const mayInspect = usePermission('alarm.inspect');
  const isOpen = alarm.state !== 'normal';
  return (
    <>
      {mayAcknowledge && isOpen && standingOf(alarm.state) === 'unacknowledged' ? (
        <button type="button" className="primary" onClick={() => onStart('acknowledge', [alarm])}>
          {t('desk.acknowledge')} <kbd>A</kbd>
        </button>
      ) : null}
      {!mayShelve || !isOpen || !isShelvable(alarm) ? null : alarm.state === 'shelved' ? (
        <button type="button" onClick={() => onUnshelve(alarm)}>
          {t('desk.unshelve')}
        </button>
      ) : (
        <button type="button" onClick={() => onStart('shelve', [alarm])}>
          {t('desk.shelve')} <kbd>S</kbd>
        </button>
      )}
      {mayAcknowledge && standingOf(alarm.state) !== 'unacknowledged' ? (
        <button type="button" onClick={() => onStart('judge', [alarm])} data-testid="judge">
          {t('verdict.button')} <kbd>V</kbd>
        </button>
      ) : null}
      {mayInspect && (alarm.state === 'latchedAcknowledged' || alarm.state === 'latchedUnacknowledged') ? (
        <button type="button" onClick={() => onStart('inspect', [alarm])}>
          {t('desk.inspect')}
        </button>
      ) : null}
    </>
  );
}
