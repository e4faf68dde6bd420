import './venue.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { orderAlarms } from '../alarm/alarm-order.ts';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { VenueLifeTag } from '../commissioning/venue-life-tag.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { alarmsByVenue } from './alarms-by-venue.ts';

/** All venues in scope, those with alarms first. */
export function VenueListPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const { state } = useLiveView();
  const venues = useQuery(queries.venues());
  const byVenue = useMemo(() => alarmsByVenue(orderAlarms(state.alarms.values())), [state.alarms]);
  const wanted = (search.q ?? '').toLowerCase();
  const shown = (venues.data ?? [])
    .filter(({ id, name, nameEn, address }) =>
      `${id} ${name} ${nameEn ?? ''} ${address ?? ''}`.toLowerCase().includes(wanted),
    )
    .sort(
      (a, b) =>
        (byVenue.get(b.id)?.length ?? 0) - (byVenue.get(a.id)?.length ?? 0) || a.name.localeCompare(b.name, 'zh'),
    );
  return (
    <div className="page">
      <div className="page-title">
        <h1>{t('venue.list')}</h1>
        <span className="muted">{venues.data ? t('wall.venueCount', { n: venues.data.length }) : ''}</span>
        <input
          type="search"
          aria-label={t('venue.search')}
          placeholder={t('venue.search')}
          value={search.q ?? ''}
          onChange={({ target }) =>
            void navigate({
              to: '/venues',
              search: withSearch(search, { q: target.value === '' ? undefined : target.value }),
              replace: true,
            })
          }
        />
      </div>
      {venues.isError && !venues.data ? (
        <ProblemNote error={venues.error} onRetry={() => void venues.refetch()} />
      ) : null}
      {venues.data && shown.length === 0 ? (
        <p className="empty">{venues.data.length === 0 ? t('venue.none') : t('venue.noneMatching')}</p>
      ) : null}
      {shown.length > 0 ? (
        <div className="panel table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('venue.title')}</th>
                <th scope="col">{t('venue.class')}</th>
                <th scope="col">{t('venue.openAlarms')}</th>
                <th scope="col">{t('venue.address')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((venue) => {
                const alarms = byVenue.get(venue.id) ?? [];
                const [worst] = alarms;
                return (
                  <tr key={venue.id} data-testid="venue-row" data-venue-id={venue.id}>
                    <td>
                      <Link to="/venues/$venueId" params={{ venueId: venue.id }}>
                        {nameOf(venue, i18n.language, venue.id)}
                      </Link>{' '}
                      <OriginTag origin={venue.origin} /> <VenueLifeTag venue={venue} />
                    </td>
                    <td>{t(`venueClass.${venue.class}`)}</td>
                    <td>
                      {worst ? (
                        <>
                          <PriorityShape alarm={worst} /> {worst.priority} × {alarms.length}
                        </>
                      ) : (
                        <span className="muted">–</span>
                      )}
                    </td>
                    <td className="muted">{(i18n.language === 'en' ? venue.addressEn : undefined) ?? venue.address}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}
