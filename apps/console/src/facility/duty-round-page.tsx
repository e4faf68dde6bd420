import './facility.css';
import type { GbDutyRound } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { formatNear } from '../format/instant.ts';
import { useNow } from '../format/use-now.ts';
import { relayApi, relayQueries } from '../relay/relay-api.ts';
import { WithinChoice } from './within-choice.tsx';

const counts = [1, 3, 5, 10, 20, 50];
const states = ['answered', 'late', 'absent', 'notDelivered', 'delivered', 'asked'] as const;
type State = (typeof states)[number];
const isBad = (state: State): boolean => state === 'late' || state === 'absent' || state === 'notDelivered';

/** 查岗 of many at once: a group or some by chance, and one table of who answered. */
export function DutyRoundPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayAsk = usePermission('gb.dutyCheck');
  const rounds = useQuery({ ...relayQueries.rounds(), enabled: mayAsk });
  const [chosen, setChosen] = useState<string>();
  const shown = chosen ?? rounds.data?.[0]?.id;
  if (session && !mayAsk)
    return <p className="page">{t('dutyRound.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  return (
    <div className="page">
      <div className="page-title">
        <h1>{t('dutyRound.title')}</h1>
        <span className="muted">{t('dutyRound.intro')}</span>
      </div>
      <AskRound onAsked={setChosen} />
      {rounds.isError && !rounds.data ? (
        <ProblemNote error={rounds.error} onRetry={() => void rounds.refetch()} />
      ) : null}
      {rounds.data?.length === 0 ? <p className="panel empty">{t('dutyRound.none')}</p> : null}
      {rounds.data && rounds.data.length > 0 ? (
        <div className="facility-columns">
          {shown === undefined ? null : <RoundTable roundId={shown} />}
          <RoundList rounds={rounds.data} shown={shown} onChoose={setChosen} />
        </div>
      ) : null}
    </div>
  );
}

function AskRound({ onAsked }: { readonly onAsked: (roundId: string) => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const venues = useQuery(queries.venues());
  const [venueId, setVenueId] = useState('');
  const [random, setRandom] = useState(0);
  const [withinMin, setWithinMin] = useState(10);
  const ask = useMutation({
    mutationFn: () =>
      relayApi.askRound({ ...(venueId !== '' && { venueIds: [venueId] }), ...(random > 0 && { random }), withinMin }),
    onSuccess: (round) => {
      void queryClient.invalidateQueries({ queryKey: ['dutyRounds'] });
      onAsked(round.id);
    },
  });
  const skipped = ask.data?.skipped ?? [];
  return (
    <section className="panel">
      <div className="life-acts">
        <label className="life-acts">
          <span className="muted">{t('dutyRound.venue')}</span>
          <select value={venueId} onChange={({ target }) => setVenueId(target.value)}>
            <option value="">{t('dutyRound.anyVenue')}</option>
            {(venues.data ?? []).map((venue) => (
              <option key={venue.id} value={venue.id}>
                {venue.name}
              </option>
            ))}
          </select>
        </label>
        <label className="life-acts">
          <span className="muted">{t('dutyRound.who')}</span>
          <select value={random} data-testid="duty-random" onChange={({ target }) => setRandom(Number(target.value))}>
            <option value={0}>{t('dutyRound.all')}</option>
            {counts.map((n) => (
              <option key={n} value={n}>
                {t('dutyRound.random')} {t('dutyRound.randomCount', { n })}
              </option>
            ))}
          </select>
        </label>
        <WithinChoice label={t('dutyRound.within')} withinMin={withinMin} onChoose={setWithinMin} />
        <button
          type="button"
          className="primary"
          data-testid="ask-round"
          disabled={ask.isPending}
          onClick={() => ask.mutate()}
        >
          {ask.isPending ? t('dutyRound.asking') : t('dutyRound.ask')}
        </button>
      </div>
      {ask.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, ask.error)}
        </p>
      ) : null}
      {skipped.length > 0 ? (
        <p className="muted" role="status">
          {t('dutyRound.skipped', {
            n: skipped.length,
            why: [...new Set(skipped.map(({ reason }) => t(`dutyRound.why.${reason}`)))].join('、'),
          })}
        </p>
      ) : null}
    </section>
  );
}

function RoundTable({ roundId }: { readonly roundId: string }) {
  const { t } = useTranslation();
  const round = useQuery(relayQueries.round(roundId));
  if (round.isError && !round.data) return <ProblemNote error={round.error} onRetry={() => void round.refetch()} />;
  const venues = useQuery(queries.venues());
  const nameOfVenue = (id = ''): string => venues.data?.find((venue) => venue.id === id)?.name ?? id;
  const checks = [...(round.data?.checks ?? [])].sort((a, b) => states.indexOf(b.state) - states.indexOf(a.state));
  return (
    <section className="panel">
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('dutyRound.result')}</th>
              <th scope="col">{t('dutyRound.device')}</th>
              <th scope="col">{t('dutyRound.operator')}</th>
              <th scope="col">{t('dutyRound.after')}</th>
            </tr>
          </thead>
          <tbody aria-live="polite">
            {checks.map(({ id, deviceId, venueId, state, operator, answeredAfterS }) => (
              <tr key={id} data-testid="round-check" data-state={state}>
                <td className={isBad(state) ? 'warn-words' : ''}>
                  <b>{t(`dutyRound.count.${state}`)}</b>
                </td>
                <td>
                  <Link to="/devices/$deviceId" params={{ deviceId }}>
                    {deviceId}
                  </Link>
                  <span className="muted"> · {nameOfVenue(venueId)}</span>
                </td>
                <td>{operator === undefined ? '–' : t('facility.dutyOperator', { n: operator })}</td>
                <td>{answeredAfterS === undefined ? '–' : `${answeredAfterS} s`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type RoundListProps = {
  readonly rounds: readonly GbDutyRound[];
  readonly shown: string | undefined;
  readonly onChoose: (roundId: string) => void;
};

function RoundList({ rounds, shown, onChoose }: RoundListProps) {
  const { t } = useTranslation();
  const now = useNow(10_000);
  return (
    <section className="panel" aria-labelledby="rounds-title">
      <header>
        <h2 id="rounds-title">{t('dutyRound.rounds')}</h2>
      </header>
      <ol className="duty-list">
        {rounds.map(({ id, by, withinMin, askedAt, counts: found }) => (
          <li key={id}>
            <button
              type="button"
              className="plain round-choice"
              aria-pressed={id === shown}
              onClick={() => onChoose(id)}
            >
              <time dateTime={askedAt}>{formatNear(askedAt, now)}</time>
            </button>
            <span>
              {states
                .filter((state) => (found[state] ?? 0) > 0)
                .map((state) => (
                  <span key={state} className={isBad(state) ? 'warn-words' : ''}>
                    {t(`dutyRound.count.${state}`)} {found[state]}{' '}
                  </span>
                ))}
            </span>
            <span className="muted">{t('dutyRound.by', { who: by, n: withinMin })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
