import type { Coverage } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { nameOf } from '../locale/words.ts';

const FIRST = 200;

/** How well each venue is watched, and which of its areas nobody watches. */
export function CoverageTable({
  venues,
  onVenue,
}: {
  readonly venues: readonly Coverage[];
  readonly onVenue: (id: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const names = useVenues();
  const [limit, setLimit] = useState(FIRST);
  return (
    <section className="panel" aria-labelledby="coverage-title">
      <header>
        <h2 id="coverage-title">{t('blind.byVenue')}</h2>
      </header>
      <div className="table-scroll">
        <table className="coverage-table">
          <thead>
            <tr>
              <th scope="col">{t('blind.venue')}</th>
              <th scope="col" className="number">
                {t('blind.detectors')}
              </th>
              <th scope="col" className="number">
                {t('blind.areas')}
              </th>
              <th scope="col">{t('blind.blindAreas')}</th>
            </tr>
          </thead>
          <tbody>
            {venues.slice(0, limit).map((venue) => (
              <tr key={venue.venueId} data-testid="coverage-row" data-venue-id={venue.venueId}>
                <td>
                  <button type="button" className="plain link" onClick={() => onVenue(venue.venueId)}>
                    {nameOf(names.get(venue.venueId), i18n.language, venue.venueId)}
                  </button>
                </td>
                <td className={`number${venue.ableCount < venue.detectorCount ? ' warn-words' : ''}`}>
                  {t('blind.ofAll', { able: venue.ableCount, all: venue.detectorCount })}
                </td>
                <td className={`number${venue.coveredAreaCount < venue.areaCount ? ' warn-words' : ''}`}>
                  {venue.areaCount === 0
                    ? t('blind.noAreas')
                    : t('blind.ofAll', { able: venue.coveredAreaCount, all: venue.areaCount })}
                </td>
                <td {...(venue.blindAreas.length === 0 && { className: 'none' })}>
                  {venue.blindAreas.length === 0 ? (
                    <span className="muted">{t('blind.none')}</span>
                  ) : (
                    <ul className="blind-areas">
                      {venue.blindAreas.map((area) => (
                        <li key={area.areaId} data-testid="blind-area">
                          <Link to="/areas" search={{ venue: venue.venueId }}>
                            {nameOf(area, i18n.language, area.areaId)}
                          </Link>{' '}
                          <span className="muted">
                            {area.detectorCount === 0
                              ? t('blind.noDetectorIn')
                              : t('blind.detectorsIn', { n: area.detectorCount })}
                          </span>
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {venues.length > limit ? (
        <button type="button" className="plain" onClick={() => setLimit(limit + FIRST)}>
          {t('blind.more')}
        </button>
      ) : null}
    </section>
  );
}
