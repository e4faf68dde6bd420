import './device.css';
import { localActionKind } from '@fengsui/alarm';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AlarmBriefList } from '../alarm/alarm-brief-list.tsx';
import { withAlarmLimits } from '../alarm/alarm-limits.ts';
import { orderAlarms } from '../alarm/alarm-order.ts';
import { useVenues } from '../alarm/use-place.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { CaptureList } from '../capture/capture-list.tsx';
import { useTimeRange } from '../chart/use-time-range.ts';
import { LoadEvents } from '../evidence/load-events.tsx';
import { LocalActPanel } from '../evidence/local-act-panel.tsx';
import { DataAge } from '../format/age.tsx';
import { toEpochMs } from '../format/instant.ts';
import { useLiveView, useVenueFeed } from '../live/live-feed.tsx';
import { nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { choosePoint, livePoint } from './live-point.ts';
import { PointTrend } from './point-trend.tsx';
import { ValueTable } from './value-table.tsx';

/** One device: what it measures now, how it went, what it recorded, what it raised. */
export function DevicePage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { deviceId = '' } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const { state, phase, centreOffsetMs } = useLiveView();
  const device = useQuery(queries.device(deviceId));
  const points = useQuery(queries.points(deviceId));
  const captures = useQuery(queries.captures({ deviceId, limit: 20 }));
  const loadEvents = useQuery(queries.loadEvents(deviceId));
  const venueId = device.data?.venueId;
  const venueFeed = useVenueFeed(venueId);
  const venues = useVenues();
  const page = useTimeRange(search, centreOffsetMs);

  const values = venueFeed?.state.values;
  const alarms = useMemo(
    () => orderAlarms([...state.alarms.values()].filter((alarm) => alarm.deviceId === deviceId)),
    [state.alarms, deviceId],
  );
  const localActs = alarms.filter(({ kind }) => kind === localActionKind);
  const livePoints = useMemo(
    () => (points.data ?? []).map((point) => withAlarmLimits(livePoint(point, deviceId, values), deviceId, alarms)),
    [points.data, deviceId, values, alarms],
  );
  const chosen = choosePoint(livePoints, search.point);
  const change = (changes: Record<string, string | undefined>): void =>
    void navigate({
      to: '/devices/$deviceId',
      params: { deviceId },
      search: withSearch(search, changes),
      replace: true,
    });

  if (device.isError && !device.data) {
    return (
      <div className="page">
        <h1>{t('device.title')}</h1>
        {isProblem(device.error, 404) ? (
          <p>{t('device.notFound', { id: deviceId })}</p>
        ) : (
          <ProblemNote error={device.error} onRetry={() => void device.refetch()} />
        )}
      </div>
    );
  }
  if (!device.data) return <p className="page">{t('feed.loading')}…</p>;
  const facts = device.data;
  const presence = state.presence.get(deviceId);
  const isOnline = presence?.online ?? facts.online;
  const newestAt = Math.max(toEpochMs(facts.lastReportAt) ?? 0, ...livePoints.map(({ at }) => at ?? 0));
  const area = (i18n.language === 'en' ? facts.areaEn : undefined) ?? facts.area;

  return (
    <div className={`page device${phase === 'disconnected' ? ' is-stale' : ''}`}>
      <div className="page-title">
        <h1>{nameOf(facts, i18n.language, deviceId)}</h1>
        <OriginTag origin={facts.origin} />
        <span className={`chip presence${isOnline ? '' : ' offline'}`} data-testid="presence" data-online={isOnline}>
          {isOnline ? t('device.online') : t('device.offline')}
        </span>
        <span className="muted">{newestAt > 0 ? <AgeWords at={newestAt} /> : t('device.neverReported')}</span>
        {facts.clockSuspect ? <span className="tag">{t('device.clockSuspect')}</span> : null}
      </div>
      <p className="muted device-facts">
        <span className="mono">{deviceId}</span>
        <span>
          {t('device.venue')}:{' '}
          <Link to="/venues/$venueId" params={{ venueId: facts.venueId }}>
            {nameOf(venues.get(facts.venueId), i18n.language, facts.venueId)}
          </Link>
        </span>
        {area ? (
          <span>
            {t('device.area')}: {area}
          </span>
        ) : null}
        <span>
          {t('device.model')}: {facts.model}
        </span>
        {facts.firmware ? (
          <span>
            {t('device.firmware')}: {facts.firmware}
          </span>
        ) : null}
        <span>{t('device.interval', { seconds: facts.reportingIntervalMs / 1000 })}</span>
        {facts.parentId ? (
          <span>
            {t('device.parent')}:{' '}
            <Link to="/devices/$deviceId" params={{ deviceId: facts.parentId }}>
              {facts.parentId}
            </Link>
          </span>
        ) : null}
      </p>
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
              reportingIntervalMs={facts.reportingIntervalMs}
              onChoose={(point) => change({ point })}
            />
          ) : null}
        </section>
        <div className="device-side">
          {chosen ? (
            <PointTrend
              deviceId={deviceId}
              point={chosen}
              reportingIntervalMs={facts.reportingIntervalMs}
              page={page}
              onRange={(range) => change({ range: undefined, from: undefined, to: undefined, ...range })}
            />
          ) : null}
          {loadEvents.data !== undefined && loadEvents.data.length > 0 ? (
            <section className="panel" aria-labelledby="device-loads">
              <header>
                <h2 id="device-loads">{t('load.recent')}</h2>
              </header>
              <LoadEvents events={loadEvents.data} />
            </section>
          ) : null}
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
          </div>
        </div>
      </div>
    </div>
  );
}

function AgeWords({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const [before, after] = t('device.lastReport', { age: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <DataAge at={at} />
      {after}
    </>
  );
}
