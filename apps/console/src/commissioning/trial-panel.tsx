import type { TrialKpi, TrialOperation } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatDataAge } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { commissioningApi, commissioningQueries } from './commissioning-api.ts';

const DAY_MS = 86_400_000;

/** Trial operations 试运营 with their figures, each with what it rests on. */
export function TrialPanel({ waves }: { readonly waves: readonly string[] }) {
  const { t } = useTranslation();
  const mayRun = usePermission('commission.run');
  const trials = useQuery(commissioningQueries.trials());
  const [isNew, setNew] = useState(false);
  return (
    <section className="panel trials" aria-labelledby="trials-title">
      <header>
        <h2 id="trials-title">{t('trial.title')}</h2>
        <span className="muted">{t('trial.intro')}</span>
        {mayRun && waves.length > 0 ? (
          <button type="button" className="end" onClick={() => setNew(true)} data-testid="begin-trial">
            {t('trial.begin')}
          </button>
        ) : null}
      </header>
      {trials.isError && !trials.data ? (
        <ProblemNote error={trials.error} onRetry={() => void trials.refetch()} />
      ) : trials.data?.length === 0 ? (
        <p className="empty">{t('trial.none')}</p>
      ) : null}
      {(trials.data ?? []).map((trial) => (
        <Trial key={trial.id} trial={trial} />
      ))}
      {isNew ? <NewTrialDialog waves={waves} onClose={() => setNew(false)} /> : null}
    </section>
  );
}

function Trial({ trial }: { readonly trial: TrialOperation }) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const report = useQuery(commissioningQueries.trial(trial.id));
  const { wave, venueId } = trial;
  return (
    <article className="trial" data-testid="trial" data-trial-id={trial.id}>
      <header>
        <h3>{trial.name}</h3>
        <span className="muted">
          {wave === undefined
            ? nameOf(venues.get(venueId ?? ''), i18n.language, venueId ?? '')
            : t('trial.ofWave', { wave })}
          {' · '}
          {t('trial.period', {
            from: formatInstant(trial.from).slice(0, 16),
            to: formatInstant(trial.to).slice(0, 16),
          })}
          {report.data ? ` · ${t('trial.venues', { n: report.data.venueCount })}` : ''}
        </span>
      </header>
      {report.isError && !report.data ? (
        <ProblemNote error={report.error} onRetry={() => void report.refetch()} />
      ) : null}
      <ul className="kpis">
        {(report.data?.kpis ?? []).map((kpi) => (
          <li key={kpi.id} data-testid={`kpi-${kpi.id}`} data-n={kpi.n}>
            <span className="muted">{t(`trial.kpi.${kpi.id}`)}</span>
            <b>{kpiValue(kpi)}</b>
            <span className="sub muted">{kpiFooting(t, kpi)}</span>
            {kpi.causes && kpi.causes.length > 0 ? (
              <span className="sub" data-testid="false-causes">
                {kpi.causes.map(({ cause, n }) => `${t(`verdict.causes.${cause}`)} ${n}`).join(' · ')}
              </span>
            ) : null}
            <span className="sub muted">{t(`trial.meaning.${kpi.id}`)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function kpiValue({ unit, value, p95 }: TrialKpi): string {
  if (value === undefined) return '–';
  const words = (figure: number): string => {
    if (unit === 'ratio') return `${(figure * 100).toFixed(1)} %`;
    if (unit === 's') return formatDataAge(figure * 1_000);
    return figure < 10_000 ? `${Math.round(figure)} ms` : formatDataAge(figure);
  };
  return p95 === undefined ? words(value) : `${words(value)}（${words(p95)}）`;
}

function kpiFooting(t: Translate, { id, n, of, leastN, missing }: TrialKpi): string {
  const count =
    id === 'offlineShare'
      ? t('trial.nHours', { n })
      : of === undefined
        ? t('trial.n', { n })
        : t('trial.judgedOf', { n, of });
  return missing === undefined ? count : `${count} · ${t(`trial.missing.${missing}`, { n, leastN })}`;
}

/** `2026-11-22T08:00` of this screen's clock, as the browser's own field wants it. */
const localText = (at: number): string => {
  const offset = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offset).toISOString().slice(0, 16);
};

function NewTrialDialog({ waves, onClose }: { readonly waves: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [wave, setWave] = useState(waves[0] ?? '');
  const [from, setFrom] = useState(() => localText(Date.now()));
  const [to, setTo] = useState(() => localText(Date.now() + 30 * DAY_MS));
  const begin = useMutation({
    mutationFn: () =>
      commissioningApi.beginTrial({
        name: name.trim(),
        wave,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['commissioning'] });
      onClose();
    },
  });
  const missing = (): string | undefined => {
    if (name.trim() === '') return t('trial.nameMissing');
    if (wave === '') return t('trial.waveMissing');
    return Date.parse(from) < Date.parse(to) ? undefined : t('trial.invalid');
  };
  return (
    <DialogForm
      title={t('trial.begin')}
      submit={t('trial.begin')}
      isBusy={begin.isPending}
      error={begin.error}
      missing={missing}
      onSend={() => begin.mutate()}
      onClose={onClose}
    >
      <label className="field">
        {t('trial.name')}
        <input maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        {t('commissioning.wave')}
        <select value={wave} onChange={({ target }) => setWave(target.value)}>
          {waves.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('trial.from')}
        <input type="datetime-local" value={from} onChange={({ target }) => setFrom(target.value)} />
      </label>
      <label className="field">
        {t('trial.to')}
        <input type="datetime-local" value={to} onChange={({ target }) => setTo(target.value)} />
      </label>
    </DialogForm>
  );
}
