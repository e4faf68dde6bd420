import './commissioning.css';
import { venueLifeStates, type BoardVenue, type VenueLifeState } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatDataAge } from '../format/duration.ts';
import { useCentreNow } from '../format/age.tsx';
import { nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { commissioningQueries } from './commissioning-api.ts';
import { groupBoard, type BoardRow } from './group-board.ts';
import { LabelDialog } from './label-dialog.tsx';
import { TrialPanel } from './trial-panel.tsx';

/** A cell shows so many before somebody asks for all of them. */
const FIRST = 8;
const NO_WAVE = '-';

/** Where every venue is on its way into operation, by wave. */
export function BoardPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const mayPrint = usePermission('device.manage');
  const [isPrinting, setPrinting] = useState(false);
  const board = useQuery(commissioningQueries.board());
  const rows = useMemo(() => groupBoard(board.data ?? []), [board.data]);
  const wanted = search.wave === undefined || search.wave === '' ? undefined : search.wave;
  const shown = wanted === undefined ? rows : rows.filter(({ wave }) => (wave === '' ? NO_WAVE : wave) === wanted);
  const waves = rows.map(({ wave }) => wave).filter((wave) => wave !== '');
  const venueIds = shown.flatMap(({ cells }) => venueLifeStates.flatMap((life) => cells[life].map(({ id }) => id)));
  const deviceCount = shown.reduce(
    (sum, { cells }) =>
      sum + venueLifeStates.flatMap((life) => cells[life]).reduce((n, venue) => n + venue.deviceCount, 0),
    0,
  );
  return (
    <div className="page commissioning">
      <div className="page-title">
        <h1>{t('commissioning.title')}</h1>
        <span className="muted">{t('commissioning.intro')}</span>
        <select
          className="end"
          aria-label={t('commissioning.wave')}
          value={wanted ?? ''}
          onChange={({ target }) =>
            void navigate({
              to: '/commissioning',
              search: withSearch(search, { wave: target.value === '' ? undefined : target.value }),
              replace: true,
            })
          }
        >
          <option value="">{t('commissioning.anyWave')}</option>
          {rows.map(({ wave }) => (
            <option key={wave} value={wave === '' ? NO_WAVE : wave}>
              {wave === '' ? t('commissioning.noWave') : wave}
            </option>
          ))}
        </select>
        {mayPrint && deviceCount > 0 ? (
          <button type="button" onClick={() => setPrinting(true)} data-testid="print-labels">
            {t('labels.button')}
          </button>
        ) : null}
      </div>
      {board.isError && !board.data ? (
        <ProblemNote error={board.error} onRetry={() => void board.refetch()} />
      ) : board.data === undefined ? (
        <p className="empty">{t('feed.loading')}…</p>
      ) : shown.length === 0 ? (
        <p className="panel empty" data-testid="board-empty">
          {rows.length === 0 ? t('commissioning.empty') : t('commissioning.emptyWave')}
        </p>
      ) : (
        <Board rows={shown} />
      )}
      <TrialPanel waves={waves} />
      {isPrinting ? (
        <LabelDialog
          deviceCount={deviceCount}
          order={wanted === undefined ? {} : wanted === NO_WAVE ? { venueIds } : { wave: wanted }}
          onClose={() => setPrinting(false)}
        />
      ) : null}
    </div>
  );
}

function Board({ rows }: { readonly rows: readonly BoardRow[] }) {
  const { t } = useTranslation();
  return (
    <section className="board panel" aria-label={t('commissioning.title')}>
      <div className="board-head" aria-hidden="true">
        <span className="muted">{t('commissioning.wave')}</span>
        {venueLifeStates.map((life) => (
          <span key={life} className="muted">
            {t(`venueLife.${life}`)}
          </span>
        ))}
      </div>
      {rows.map((row) => (
        <section key={row.wave} className="board-row" data-testid="board-row" data-wave={row.wave}>
          <header>
            <h2>{row.wave === '' ? t('commissioning.noWave') : row.wave}</h2>
            <span className="muted">{t('commissioning.count', { n: row.count })}</span>
          </header>
          {venueLifeStates.map((life) => (
            <Cell key={life} life={life} venues={row.cells[life]} />
          ))}
        </section>
      ))}
    </section>
  );
}

function Cell({ life, venues }: { readonly life: VenueLifeState; readonly venues: readonly BoardVenue[] }) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? venues : venues.slice(0, FIRST);
  return (
    <div
      className={`board-cell${venues.length === 0 ? ' none' : ''}`}
      data-testid={`cell-${life}`}
      data-count={venues.length}
    >
      <div className="cell-head">
        <span className="cell-life muted">{t(`venueLife.${life}`)}</span>
        <b>{venues.length}</b>
      </div>
      <ul>
        {shown.map((venue) => (
          <VenueCard key={venue.id} venue={venue} />
        ))}
      </ul>
      {venues.length > shown.length ? (
        <button type="button" className="plain" onClick={() => setAll(true)}>
          {t('commissioning.more', { n: venues.length - shown.length })}
        </button>
      ) : null}
    </div>
  );
}

function VenueCard({ venue }: { readonly venue: BoardVenue }) {
  const { t, i18n } = useTranslation();
  const { test } = venue;
  return (
    <li className={`venue-card${test?.isRunning ? ' on-test' : ''}`} data-testid="board-venue" data-venue-id={venue.id}>
      <Link to="/commissioning/$venueId" params={{ venueId: venue.id }}>
        {nameOf(venue, i18n.language, venue.id)}
      </Link>
      <span className="sub muted">
        {t('commissioning.devices', { n: venue.deviceCount })}
        {test === undefined ? null : test.isRunning ? (
          <span className="test-words">
            {' · '}
            {t('commissioning.onTest', { passed: test.passed, points: test.points })}
            {' · '}
            {t('commissioning.left', { time: '' })}
            <TimeLeft until={test.endsAt} />
          </span>
        ) : venue.life === 'live' ? null : (
          ` · ${t('commissioning.ticked', { passed: test.passed, points: test.points })} · ${t('commissioning.signed', { n: venue.signatureCount })}`
        )}
      </span>
    </li>
  );
}

/** Time until an instant of the centre, by the centre's clock; ticks. */
export function TimeLeft({ until }: { readonly until: string }) {
  const now = useCentreNow(1_000);
  return <>{formatDataAge(Math.max(0, Date.parse(until) - now))}</>;
}
