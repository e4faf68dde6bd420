import { localActionKind } from '@fengsui/alarm';
import type { Alarm, Device, Point } from '@fengsui/protocol';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { AlarmBriefList } from '../alarm/alarm-brief-list.tsx';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { CaptureList } from '../capture/capture-list.tsx';
import { useTimeRange } from '../chart/use-time-range.ts';
import { LoadHistory } from '../evidence/load-history.tsx';
import { LocalActPanel } from '../evidence/local-act-panel.tsx';
import { QuarantinePanel } from '../facility/quarantine-panel.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { withSearch } from '../route/search-text.ts';
import { choosePoint } from './live-point.ts';
import { PointTrend } from './point-trend.tsx';
import { ValueTable } from './value-table.tsx';

export type DeviceOverviewProps = {
  readonly device: Device;
  readonly points: UseQueryResult<readonly Point[]>;
  readonly livePoints: readonly Point[];
  /** Open alarms of the device, the most urgent first. */
  readonly alarms: readonly Alarm[];
};

/** What a device measures now, how it went, what it recorded, what it raised. */
export function DeviceOverview({ device, points, livePoints, alarms }: DeviceOverviewProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const { phase, centreOffsetMs } = useLiveView();
  const { id: deviceId, reportingIntervalMs } = device;
  const maySeeCaptures = usePermission('capture.read');
  const captures = useQuery({ ...queries.captures({ deviceId, limit: 20 }), enabled: maySeeCaptures });
  const page = useTimeRange(search, centreOffsetMs);
  const localActs = alarms.filter(({ kind }) => kind === localActionKind);
  const chosen = choosePoint(livePoints, search.point);
  const change = (changes: Record<string, string | undefined>): void =>
    void navigate({
      to: '/devices/$deviceId',
      params: { deviceId },
      search: withSearch(search, changes),
      replace: true,
    });
  return (
    <>
      {localActs.map((alarm) => (
        <LocalActPanel key={alarm.id} alarm={alarm} />
      ))}
      <div className="device-columns">
        <section className="panel" aria-labelledby="values-title">
          <header>
            <h2 id="values-title">{t('device.values')}</h2>
          </header>
          {points.isError && !points.data ? (
            <ProblemNote error={points.error} onRetry={() => void points.refetch()} />
          ) : points.data ? (
            <ValueTable
              points={livePoints}
              chosenId={chosen?.id}
              reportingIntervalMs={reportingIntervalMs}
              onChoose={(point) => change({ point })}
            />
          ) : null}
        </section>
        <div className="device-side">
          {chosen ? (
            <PointTrend
              deviceId={deviceId}
              point={chosen}
              reportingIntervalMs={reportingIntervalMs}
              page={page}
              onRange={(range) => change({ range: undefined, from: undefined, to: undefined, ...range })}
            />
          ) : null}
          {livePoints.some(({ id }) => id.endsWith('.currentA')) ? (
            <LoadHistory deviceId={deviceId} venueId={device.venueId} />
          ) : null}
          <QuarantinePanel deviceId={deviceId} isHiddenWhenEmpty />
          <div className="device-pair">
            <section className="panel" aria-labelledby="device-alarms">
              <header>
                <h2 id="device-alarms">{t('device.alarms')}</h2>
              </header>
              {alarms.length > 0 ? (
                <AlarmBriefList alarms={alarms} />
              ) : (
                <p className="empty">
                  {phase === 'live' || phase === 'delayed' ? t('device.noAlarms') : t('venue.unknownAlarms')}
                </p>
              )}
            </section>
            {maySeeCaptures ? (
              <section className="panel" aria-labelledby="device-captures">
                <header>
                  <h2 id="device-captures">{t('device.captures')}</h2>
                </header>
                {captures.isError && !captures.data ? (
                  <ProblemNote error={captures.error} onRetry={() => void captures.refetch()} />
                ) : captures.data?.length === 0 ? (
                  <p className="empty">{t('device.noCaptures')}</p>
                ) : (
                  <CaptureList captures={captures.data ?? []} />
                )}
              </section>
            ) : null}
          </div>
        </div>
      </div>
    </>
  );
}
