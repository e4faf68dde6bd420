import './device.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { withAlarmLimits } from '../alarm/alarm-limits.ts';
import { orderAlarms } from '../alarm/alarm-order.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { CommandTab } from '../command/command-tab.tsx';
import { FactoryTab } from '../factory/factory-tab.tsx';
import { FacilityTab } from '../facility/facility-tab.tsx';
import { toEpochMs } from '../format/instant.ts';
import { useLiveView, useVenueFeed } from '../live/live-feed.tsx';
import { withSearch } from '../route/search-text.ts';
import { DeviceHead } from './device-head.tsx';
import { DeviceOverview } from './device-overview.tsx';
import { tabsFor } from './device-tabs.ts';
import { LifeTab } from './life-tab.tsx';
import { livePoint } from './live-point.ts';
import { ModelTab } from './model-tab.tsx';

/** One device: head with how it stands, and below one of its parts, named by `?tab=`. */
export function DevicePage() {
  const { t } = useTranslation();
  const { deviceId = '' } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const { state, phase } = useLiveView();
  const permissions = useSession()?.permissions ?? [];
  const maySeeValues = usePermission('telemetry.read');
  // Clock, identity and stage come with the device: looked up again while the page is open.
  const device = useQuery({ ...queries.device(deviceId), refetchInterval: 10_000 });
  const points = useQuery({ ...queries.points(deviceId), enabled: maySeeValues });
  const venueFeed = useVenueFeed(maySeeValues ? device.data?.venueId : undefined);

  const values = venueFeed?.state.values;
  const alarms = useMemo(
    () => orderAlarms([...state.alarms.values()].filter((alarm) => alarm.deviceId === deviceId)),
    [state.alarms, deviceId],
  );
  const livePoints = useMemo(
    () => (points.data ?? []).map((point) => withAlarmLimits(livePoint(point, deviceId, values), deviceId, alarms)),
    [points.data, deviceId, values, alarms],
  );

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
  const tabs = tabsFor(facts, permissions);
  const tab = tabs.find(({ id }) => id === search.tab) ?? tabs[0];
  const newestAt = Math.max(toEpochMs(facts.lastReportAt) ?? 0, ...livePoints.map(({ at }) => at ?? 0));

  return (
    <div className={`page device${phase === 'disconnected' ? ' is-stale' : ''}`}>
      <DeviceHead device={facts} newestAt={newestAt} alarms={alarms} />
      <nav className="device-tabs" aria-label={t('tab.label')}>
        {tabs.map(({ id, word }, index) => (
          <Link
            key={id}
            to="/devices/$deviceId"
            params={{ deviceId }}
            search={withSearch(search, { tab: index === 0 ? undefined : id })}
            activeOptions={{ exact: true, includeSearch: true }}
            {...(id === tab?.id && { 'aria-current': 'page' })}
            data-testid={`tab-${id}`}
          >
            {word(t)}
          </Link>
        ))}
      </nav>
      {tab?.id === 'overview' ? (
        <DeviceOverview device={facts} points={points} livePoints={livePoints} alarms={alarms} />
      ) : null}
      {tab?.id === 'facility' ? <FacilityTab device={facts} /> : null}
      {tab?.id === 'commands' ? <CommandTab device={facts} points={livePoints} /> : null}
      {tab?.id === 'life' ? <LifeTab device={facts} /> : null}
      {tab?.id === 'factory' ? <FactoryTab device={facts} /> : null}
      {tab?.id === 'model' ? <ModelTab device={facts} points={points.data} /> : null}
    </div>
  );
}
