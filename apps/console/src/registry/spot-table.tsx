import { blindReasons, type BlindReason } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { familyName, nameOf } from '../locale/words.ts';
import { OpenWorkButton } from '../work/open-work-button.tsx';
import { reasonWord, remedyWord } from './blind-words.ts';

const FIRST = 200;

export type SpotTableProps = {
  readonly venueId: string | undefined;
  readonly blindCount: number;
  readonly reason: BlindReason | undefined;
  readonly onReason: (reason: string | undefined) => void;
};

/** Detectors that cannot raise an alarm, each with every reason and the next step. */
export function SpotTable({ venueId, blindCount, reason, onReason }: SpotTableProps) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const [limit, setLimit] = useState(FIRST);
  const spots = useQuery(queries.blindSpots(venueId, limit));
  const items = spots.data?.items ?? [];
  const shown = reason === undefined ? items : items.filter(({ reasons }) => reasons.includes(reason));
  return (
    <section className="panel" aria-labelledby="spots-title">
      <header>
        <h2 id="spots-title">{t('blind.spots')}</h2>
        <span className="muted">{t('blind.shownOf', { shown: shown.length, all: formatCount(blindCount) })}</span>
        <select
          className="end"
          aria-label={t('blind.reason')}
          value={reason ?? ''}
          onChange={({ target }) => onReason(target.value === '' ? undefined : target.value)}
        >
          <option value="">{t('blind.anyReason')}</option>
          {blindReasons.map((word) => (
            <option key={word} value={word}>
              {reasonWord(t, word)}
            </option>
          ))}
        </select>
      </header>
      {spots.isError && !spots.data ? <ProblemNote error={spots.error} onRetry={() => void spots.refetch()} /> : null}
      <ul className="spot-list">
        {shown.map(({ deviceId, venueId: venue, name, nameEn, family, reasons }) => (
          <li key={deviceId} data-testid="blind-spot" data-device-id={deviceId}>
            <span>
              <Link to="/devices/$deviceId" params={{ deviceId }} search={{ tab: 'life' }}>
                {nameOf({ name, nameEn }, i18n.language, deviceId)}
              </Link>
              <span className="muted"> · {nameOf(venues.get(venue), i18n.language, venue)}</span>
              <span className="sub muted">
                {familyName(t, family)}
                {name === undefined ? '' : ` · ${deviceId}`}
              </span>
              <OpenWorkButton about={{ deviceId }} />
            </span>
            <ul>
              {reasons.map((word) => (
                <li key={word}>
                  <b className="warn-words">{reasonWord(t, word)}</b>
                  <span className="muted"> → {remedyWord(t, word)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {spots.data?.nextCursor && limit < 1_000 ? (
        <button type="button" className="plain" onClick={() => setLimit(1_000)}>
          {t('blind.more')}
        </button>
      ) : null}
    </section>
  );
}
