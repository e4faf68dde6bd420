import './commissioning.css';
import { venueLifeStates, venueLifeTransitions, type BoardVenue, type VenueLifeState } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { AcceptancePanel } from './acceptance-panel.tsx';
import { commissioningApi, commissioningQueries, type VenueCommissioning } from './commissioning-api.ts';
import { LabelDialog } from './label-dialog.tsx';
import { TestPanel } from './test-panel.tsx';
import { useCommissioningAct } from './use-commissioning-act.ts';

type Open = { readonly kind: 'wave' | 'labels' } | { readonly kind: 'move'; readonly to: VenueLifeState };

/** One venue on its way into operation: where it is, its test, its acceptance, its record. */
export function VenueCommissioningPage() {
  const { t, i18n } = useTranslation();
  const { venueId = '' } = useParams({ strict: false });
  const mayRun = usePermission('commission.run');
  const mayPrint = usePermission('device.manage');
  const found = useQuery(commissioningQueries.venue(venueId));
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  if (found.data === undefined) {
    return (
      <div className="page">
        {!found.isError ? (
          <p className="empty">{t('feed.loading')}…</p>
        ) : isProblem(found.error, 404) ? (
          <p className="empty">{t('commissioning.missing', { id: venueId })}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </div>
    );
  }
  const { venue, test, acceptances, lifeChanges } = found.data;
  return (
    <div className="page commissioning">
      <div className="page-title">
        <Link to="/commissioning">{t('commissioning.back')}</Link>
        <h1>{nameOf(venue, i18n.language, venue.id)}</h1>
        <span className="muted">
          {venue.id} · {venue.wave ?? t('commissioning.noWave')} ·{' '}
          {t('commissioning.devices', { n: venue.deviceCount })}
        </span>
        <span className="end actions">
          <Link to="/venues/$venueId" params={{ venueId: venue.id }} className="button">
            {t('commissioning.venuePage')}
          </Link>
          {mayRun ? (
            <button type="button" onClick={() => setOpen({ kind: 'wave' })}>
              {t('commissioning.setWave')}
            </button>
          ) : null}
          {mayPrint && venue.deviceCount > 0 ? (
            <button type="button" onClick={() => setOpen({ kind: 'labels' })}>
              {t('labels.button')}
            </button>
          ) : null}
        </span>
      </div>
      <Steps venue={venue} mayRun={mayRun} onMove={(to) => setOpen({ kind: 'move', to })} />
      <TestPanel venue={venue} test={test} mayRun={mayRun} />
      <AcceptancePanel venueId={venue.id} test={test} acceptances={acceptances} mayRun={mayRun} />
      <Record lines={lifeChanges} />
      {open?.kind === 'move' ? <MoveDialog venue={venue} to={open.to} onClose={close} /> : null}
      {open?.kind === 'wave' ? <WaveDialog venue={venue} onClose={close} /> : null}
      {open?.kind === 'labels' ? (
        <LabelDialog deviceCount={venue.deviceCount} order={{ venueIds: [venue.id] }} onClose={close} />
      ) : null}
    </div>
  );
}

type StepsProps = {
  readonly venue: BoardVenue;
  readonly mayRun: boolean;
  readonly onMove: (to: VenueLifeState) => void;
};

function Steps({ venue, mayRun, onMove }: StepsProps) {
  const { t } = useTranslation();
  const at = venueLifeStates.indexOf(venue.life);
  // "tested" is reached by signing, not by a button.
  const next = venueLifeTransitions[venue.life].filter((to) => to !== 'tested');
  return (
    <section className="panel life-steps" aria-label={t('commissioning.steps')}>
      <ol>
        {venueLifeStates.map((life, index) => (
          <li
            key={life}
            className={index < at ? 'done' : index === at ? 'now' : ''}
            {...(index === at && { 'aria-current': 'step' })}
            data-testid={index === at ? 'venue-life' : undefined}
            data-life={life}
          >
            {index < at ? '✓ ' : ''}
            {t(`venueLife.${life}`)}
          </li>
        ))}
      </ol>
      <p className="muted">{t(`commissioning.meaning.${venue.life}`)}</p>
      {mayRun && venue.test?.isRunning !== true ? (
        <div className="actions">
          {next.map((to) => (
            <button
              key={to}
              type="button"
              className={venueLifeStates.indexOf(to) > at ? 'primary' : ''}
              onClick={() => onMove(to)}
              data-testid={`move-${to}`}
            >
              {t('commissioning.moveTo', { life: t(`venueLife.${to}`) })}
            </button>
          ))}
        </div>
      ) : null}
    </section>
  );
}

type DialogProps = { readonly venue: BoardVenue; readonly onClose: () => void };

function MoveDialog({ venue, to, onClose }: DialogProps & { readonly to: VenueLifeState }) {
  const { t, i18n } = useTranslation();
  const [reason, setReason] = useState('');
  const move = useCommissioningAct(() => commissioningApi.moveVenue(venue.id, to, reason.trim()), onClose);
  const life = t(`venueLife.${to}`);
  return (
    <DialogForm
      title={t('commissioning.moveTitle', { venue: nameOf(venue, i18n.language, venue.id), life })}
      submit={t('commissioning.moveTo', { life })}
      isBusy={move.isPending}
      error={move.error}
      missing={() => (reason.trim() === '' ? t('commissioning.reasonMissing') : undefined)}
      onSend={() => move.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t(`commissioning.meaning.${to}`)}</p>
      <label className="field">
        {t('commissioning.reason')}
        <textarea maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
    </DialogForm>
  );
}

function WaveDialog({ venue, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [wave, setWave] = useState(venue.wave ?? '');
  const save = useCommissioningAct(() => commissioningApi.setWave(venue.id, wave.trim()), onClose);
  return (
    <DialogForm
      title={t('commissioning.setWave')}
      submit={t('commissioning.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() => undefined}
      onSend={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <label className="field">
        {t('commissioning.waveName')}
        <input maxLength={60} value={wave} onChange={({ target }) => setWave(target.value)} />
      </label>
    </DialogForm>
  );
}

function Record({ lines }: { readonly lines: VenueCommissioning['lifeChanges'] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="record-title">
      <header>
        <h2 id="record-title">{t('commissioning.history')}</h2>
      </header>
      {lines.length === 0 ? <p className="muted">{t('commissioning.historyEmpty')}</p> : null}
      <ul className="life-lines">
        {lines.map(({ at, by, from, to, reason }) => (
          <li key={`${at}${to}`}>
            <time className="muted">{formatInstant(at)}</time>
            <b>
              {from === undefined
                ? t('commissioning.historyFirst', { to: t(`venueLife.${to}`) })
                : t('commissioning.historyLine', { from: t(`venueLife.${from}`), to: t(`venueLife.${to}`) })}
            </b>
            <span>{by}</span>
            <span className="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
