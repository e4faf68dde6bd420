import './blind-spots.css';
import { blindReasons } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { SeatPanel } from '../sound/seat-panel.tsx';
import { coverageTotals, orderCoverage } from './coverage-order.ts';
import { CoverageShare } from './coverage-share.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { SpotTable } from './spot-table.tsx';

/** What would not alarm right now: areas that nobody watches, detectors that cannot raise, why, and what to do. */
export function BlindSpotsPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const venues = useVenues();
  const coverage = useQuery(queries.coverage());
  const venueId = search.venue === '' ? undefined : search.venue;
  const ordered = useMemo(() => orderCoverage(coverage.data ?? []), [coverage.data]);
  const shown = venueId === undefined ? ordered : ordered.filter((venue) => venue.venueId === venueId);
  const totals = coverageTotals(shown);
  const blindCount = totals.detectorCount - totals.ableCount;
  const change = (changes: Record<string, string | undefined>): void =>
    void navigate({ to: '/blind-spots', search: withSearch(search, changes), replace: true });
  return (
    <div className="page blind-page">
      <div className="page-title">
        <h1>{t('blind.title')}</h1>
        <span className="muted">{t('blind.intro')}</span>
        <select
          className="end"
          aria-label={t('blind.venue')}
          value={venueId ?? ''}
          onChange={({ target }) => change({ venue: target.value === '' ? undefined : target.value })}
        >
          <option value="">{t('field.anyVenue')}</option>
          {[...venues.values()].map((venue) => (
            <option key={venue.id} value={venue.id}>
              {nameOf(venue, i18n.language, venue.id)}
            </option>
          ))}
        </select>
      </div>
      <SeatPanel />
      {coverage.isError ? <ProblemNote error={coverage.error} onRetry={() => void coverage.refetch()} /> : null}
      {coverage.data ? (
        <>
          <div className="coverage-totals">
            <CoverageShare
              label={t('blind.detectors')}
              able={totals.ableCount}
              all={totals.detectorCount}
              id="detectors"
            />
            <CoverageShare label={t('blind.areas')} able={totals.coveredAreaCount} all={totals.areaCount} id="areas" />
          </div>
          {totals.detectorCount === 0 ? (
            <p className="panel empty" data-testid="no-detectors">
              {t('blind.noDetectors')}
            </p>
          ) : blindCount === 0 && totals.areaCount === totals.coveredAreaCount ? (
            <p className="panel all-well" data-testid="all-well">
              {t('blind.allWell')}
            </p>
          ) : null}
          <div className="blind-columns">
            {shown.length === 0 ? null : <CoverageTable venues={shown} onVenue={(venue) => change({ venue })} />}
            {blindCount > 0 ? (
              <SpotTable
                venueId={venueId}
                blindCount={blindCount}
                reason={blindReasons.find((reason) => reason === search.reason)}
                onReason={(reason) => change({ reason })}
              />
            ) : null}
          </div>
        </>
      ) : coverage.isError ? null : (
        <p className="empty">{t('feed.loading')}…</p>
      )}
    </div>
  );
}
