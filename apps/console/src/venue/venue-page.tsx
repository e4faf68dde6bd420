import './venue.css';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { AlarmBriefList } from '../alarm/alarm-brief-list.tsx';
import { orderAlarms } from '../alarm/alarm-order.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { useAreAlarmsStopped } from '../centre-state/use-centre-functions.ts';
import { RangeBar } from '../chart/range-bar.tsx';
import type { RangeSearch } from '../chart/time-range.ts';
import { useTimeRange } from '../chart/use-time-range.ts';
import { livePoint } from '../device/live-point.ts';
import { IsolateHere } from '../isolation/isolate-here.tsx';
import { useLiveView, useVenueFeed } from '../live/live-feed.tsx';
import { nameOf, quantityName } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { useFeedAge } from '../shell/feed-chip.tsx';
import { VenueLifeTag } from '../commissioning/venue-life-tag.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { chooseCurves, electricQuantities, electricQuantityOf, newestOfDevices, familiesOf } from './choose-curves.ts';
import { FireFacts } from './fire-facts.tsx';
import { FamilyPane } from './family-pane.tsx';
import { LoadHistoryReaders } from './load-history-readers.tsx';
import { VenueDevices } from './venue-devices.tsx';

/** One place: electricity, temperature, smoke and gas on one time axis, its alarms and its devices. */
export function VenuePage() {
  const { t, i18n } = useTranslation();
  const maySeeReaders = usePermission('privacy.read');
  const navigate = useNavigate();
  const { venueId = '' } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const { state, phase, centreOffsetMs } = useLiveView();
  const age = useFeedAge() ?? '–';
  const areAlarmsStopped = useAreAlarmsStopped();
  const venue = useQuery(queries.venue(venueId));
  const organisations = useQuery(queries.organisations());
  const devices = useQuery(queries.devices(venueId));
  const feed = useVenueFeed(venueId);
  const page = useTimeRange(search, centreOffsetMs);
  const electric = electricQuantityOf(search.show);
  const pointsOfDevices = useQueries({
    queries: (devices.data ?? []).map(({ id }) => queries.points(id)),
    combine: (results) => results.map(({ data }) => data),
  });

  const alarms = useMemo(
    () => orderAlarms([...state.alarms.values()].filter((alarm) => alarm.venueId === venueId)),
    [state.alarms, venueId],
  );
  const values = feed?.state.values;
  const sources = useMemo(
    () =>
      (devices.data ?? []).map((device, index) => ({
        device,
        points: (pointsOfDevices[index] ?? []).map((point) => livePoint(point, device.id, values)),
      })),
    [devices.data, pointsOfDevices, values],
  );
  const newestAt = useMemo(() => newestOfDevices(sources), [sources]);
  const choices = useMemo(() => {
    const alarming = new Set(alarms.map(({ deviceId }) => deviceId));
    return familiesOf(sources).map((family) => ({ family, choice: chooseCurves(sources, family, electric, alarming) }));
  }, [sources, electric, alarms]);

  if (venue.isError && !venue.data) {
    return (
      <div className="page">
        <h1>{t('venue.title')}</h1>
        {isProblem(venue.error, 404) ? (
          <p>{t('venue.notFound', { id: venueId })}</p>
        ) : (
          <ProblemNote error={venue.error} onRetry={() => void venue.refetch()} />
        )}
      </div>
    );
  }
  if (!venue.data) return <p className="page">{t('feed.loading')}…</p>;
  const facts = venue.data;
  const owner = organisations.data?.find(({ id }) => id === facts.organisationId);
  const address = (i18n.language === 'en' ? facts.addressEn : undefined) ?? facts.address;
  const change = (changes: Record<string, string | undefined>): void =>
    void navigate({ to: '/venues/$venueId', params: { venueId }, search: withSearch(search, changes), replace: true });
  const setRange = (range: RangeSearch): void => change({ range: undefined, from: undefined, to: undefined, ...range });

  return (
    <div className={`page venue${phase === 'disconnected' ? ' is-stale' : ''}`}>
      <div className="page-title">
        <h1>{nameOf(facts, i18n.language, venueId)}</h1>
        <OriginTag origin={facts.origin} />
        <VenueLifeTag venue={facts} />
        <Link to="/commissioning/$venueId" params={{ venueId }}>
          {t('commissioning.nav')}
        </Link>
        <span className="chip">{t(`venueClass.${facts.class}`)}</span>
        {owner ? (
          <span className="muted">
            {t('venue.owner')}: {nameOf(owner, i18n.language, owner.id)}
            {owner.demo ? ` (${t('venue.demoName')})` : ''}
          </span>
        ) : null}
        {address ? <span className="muted">{address}</span> : null}
        <span className="end">
          <IsolateHere target={{ venueId }} />
        </span>
      </div>
      <div className="venue-columns">
        <section className="panel" aria-labelledby="axis-title">
          <header>
            <h2 id="axis-title">{t('venue.oneAxis')}</h2>
            <label className="venue-electric">
              <span className="muted">{t('venue.electricityShows')}</span>{' '}
              <select value={electric} onChange={({ target }) => change({ show: target.value })}>
                {electricQuantities.map((quantity) => (
                  <option key={quantity} value={quantity}>
                    {quantityName(t, quantity)}
                  </option>
                ))}
              </select>
            </label>
            <span className="end">
              <RangeBar search={page.search} onRange={setRange} />
            </span>
          </header>
          <div className="venue-panes">
            {choices.map(({ family, choice }) => (
              <FamilyPane
                key={family + (family === 'electricity' ? electric : '')}
                family={family}
                choice={choice}
                alarms={alarms}
                page={page}
                height={family === 'electricity' ? 190 : 150}
                onBrush={(from, to) => setRange({ from: String(from), to: String(to) })}
                onReset={() => setRange({})}
              />
            ))}
          </div>
        </section>
        <div className="venue-side">
          <section className="panel" aria-labelledby="venue-alarms">
            <header>
              <h2 id="venue-alarms">{t('venue.alarms')}</h2>
            </header>
            {alarms.length > 0 ? (
              <AlarmBriefList alarms={alarms} />
            ) : (
              <p className="empty">
                {areAlarmsStopped
                  ? t('desk.emptyStopped')
                  : phase === 'live' || phase === 'delayed'
                    ? t('venue.noAlarms', { age })
                    : t('venue.unknownAlarms')}
              </p>
            )}
          </section>
          <VenueDevices
            devices={devices.data}
            error={devices.error}
            presence={feed?.state.presence}
            newestAt={newestAt}
            alarms={alarms}
          />
          <FireFacts venue={facts} />
          {maySeeReaders ? <LoadHistoryReaders venueId={venueId} /> : null}
        </div>
      </div>
    </div>
  );
}
