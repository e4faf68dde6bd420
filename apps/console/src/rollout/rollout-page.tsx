import './rollout.css';
import { rolloutDeviceStates, type Rollout, type RolloutDeviceState } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { nameOf } from '../locale/words.ts';
import { DecisionDialog, type Decision } from './decision-dialog.tsx';
import { rolloutQueries } from './rollout-api.ts';
import { codeWords, GroupWords, RolloutState, stepWords } from './rollout-words.tsx';
import { StagePicture } from './stage-picture.tsx';

/** One rollout: its stages, why it stands still, its devices, and who decided what. */
export function RolloutPage() {
  const { t } = useTranslation();
  const { rolloutId = '' } = useParams({ strict: false });
  const mayManage = usePermission('rollout.manage');
  const [decision, setDecision] = useState<Decision>();
  const { data: rollout, isError, error, refetch } = useQuery(rolloutQueries.rollout(rolloutId));
  if (rollout === undefined)
    return (
      <div className="page">
        {isError ? (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        ) : (
          <p className="empty">{t('feed.loading')}…</p>
        )}
      </div>
    );
  const { manifest, stopped, state } = rollout;
  return (
    <div className="page rollout-page">
      <div className="page-title">
        <h1>
          {t(`rollout.kind.${manifest.kind}`)} {manifest.name} {manifest.version}
        </h1>
        <RolloutState rollout={rollout} />
        <span className="muted">
          <GroupWords group={rollout.group} /> · {t('rollout.deviceCount', { n: rollout.deviceCount })}
        </span>
        {mayManage ? (
          <span className="end life-acts">
            {state === 'running' ? (
              <button
                type="button"
                className="primary"
                onClick={() => setDecision({ what: 'stop' })}
                data-testid="stop"
              >
                {t('rollout.act.stop')}
              </button>
            ) : null}
            {state === 'stopped' ? (
              <button type="button" onClick={() => setDecision({ what: 'resume' })} data-testid="resume">
                {t('rollout.act.resume')}
              </button>
            ) : null}
            {state === 'running' || state === 'stopped' || state === 'done' ? (
              <button type="button" onClick={() => setDecision({ what: 'roll-back' })} data-testid="roll-back">
                {t('rollout.act.rollBack')}
              </button>
            ) : null}
          </span>
        ) : null}
      </div>
      {stopped !== undefined && state === 'stopped' ? (
        <p className="problem" role="status" data-testid="stopped">
          <span>
            <b>{t('rollout.stoppedBecause', { reason: t(`rollout.reason.${stopped.reason}`) })}</b>{' '}
            {stopped.count === undefined || stopped.of === undefined
              ? null
              : t('rollout.stoppedCount', { n: stopped.count, of: stopped.of })}{' '}
            {stopped.deviceIds === undefined ? (
              stopped.detail
            ) : (
              <span className="mono">{stopped.deviceIds.join(' ')}</span>
            )}
          </span>
          <span className="muted">
            {formatInstant(stopped.at)} · {stopped.by ?? t('rollout.byItself')}
          </span>
        </p>
      ) : null}
      <StagePicture rollout={rollout} />
      <div className="rollout-parts">
        <DevicePanel
          rollout={rollout}
          onExclude={mayManage ? (deviceId) => setDecision({ what: 'exclude', deviceId }) : undefined}
        />
        <Steps rollout={rollout} />
      </div>
      {decision === undefined ? null : (
        <DecisionDialog rollout={rollout} decision={decision} onClose={() => setDecision(undefined)} />
      )}
    </div>
  );
}

function DevicePanel({
  rollout,
  onExclude,
}: {
  readonly rollout: Rollout;
  readonly onExclude: ((deviceId: string) => void) | undefined;
}) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const failedCount = rollout.stages.reduce((sum, { counts }) => sum + counts.failed, 0);
  const [chosen, setChosen] = useState<RolloutDeviceState | ''>();
  // What went wrong is what people come for.
  const shown = chosen ?? (failedCount > 0 ? 'failed' : '');
  const devices = useQuery(rolloutQueries.devices(rollout.id, shown === '' ? undefined : shown));
  const isOver = rollout.state === 'done' || rollout.state === 'rolledBack';
  return (
    <section className="panel" aria-labelledby="rollout-devices">
      <header>
        <h2 id="rollout-devices">{t('rollout.devices')}</h2>
        <select
          className="end"
          aria-label={t('rollout.deviceState')}
          value={shown}
          onChange={({ target }) => setChosen(target.value as RolloutDeviceState | '')}
        >
          <option value="">{t('rollout.anyState')}</option>
          {rolloutDeviceStates.map((state) => (
            <option key={state} value={state}>
              {t(`rollout.device.${state}`)}
            </option>
          ))}
        </select>
      </header>
      {devices.isError && !devices.data ? (
        <ProblemNote error={devices.error} onRetry={() => void devices.refetch()} />
      ) : null}
      {devices.data?.items.length === 0 ? <p className="empty">{t('rollout.noDevices')}</p> : null}
      <ul className="rollout-devices">
        {devices.data?.items.map((device) => (
          <li key={device.deviceId} data-testid="rollout-device" data-state={device.state}>
            <span className={`key part ${device.state}`} aria-hidden="true" />
            <span className="rollout-what">
              <span>
                <Link to="/devices/$deviceId" params={{ deviceId: device.deviceId }}>
                  {device.deviceId}
                </Link>{' '}
                <span className="muted">{nameOf(venues.get(device.venueId), i18n.language, device.venueId)}</span>
              </span>
              {device.code === undefined && device.detail === undefined ? null : (
                <span className={device.state === 'failed' ? 'warn-words' : 'muted'}>
                  {device.code === undefined ? '' : codeWords(t, device.code)}{' '}
                  <span className="mono">{device.detail}</span>
                </span>
              )}
            </span>
            <span className="rollout-device-how">
              {t(`rollout.device.${device.state}`)}
              <span className="muted">
                {t('rollout.stage', { n: device.stage + 1 })}
                {device.running === undefined ? '' : ` · ${t('rollout.runs', { version: device.running })}`}
                {device.changedAt === undefined ? '' : ` · ${formatInstant(device.changedAt)}`}
              </span>
            </span>
            {onExclude !== undefined &&
            !isOver &&
            ['waiting', 'fetching', 'trying', 'failed'].includes(device.state) ? (
              <button type="button" className="plain" onClick={() => onExclude(device.deviceId)}>
                {t('rollout.act.exclude')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {devices.data?.nextCursor === undefined ? null : <p className="muted">{t('rollout.more', { n: 200 })}</p>}
    </section>
  );
}

function Steps({ rollout }: { readonly rollout: Rollout }) {
  const { t, i18n } = useTranslation();
  const { manifest } = rollout;
  return (
    <section className="panel" aria-labelledby="rollout-steps">
      <header>
        <h2 id="rollout-steps">{t('rollout.steps')}</h2>
      </header>
      <ol className="rollout-steps">
        {[...rollout.steps].reverse().map((step, index) => (
          <li key={index}>
            <span className="muted">{formatInstant(step.at)}</span>
            <span>
              <b>{stepWords(t, step.what)}</b>
              {step.stage === undefined ? '' : ` · ${t('rollout.stage', { n: step.stage + 1 })}`} ·{' '}
              <span className="muted">{step.by ?? t('rollout.byItself')}</span>
              {step.detail === undefined ? null : <span className="step-detail">{step.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      <dl className="facts">
        <dt>{t('rollout.notes')}</dt>
        <dd>{i18n.language.startsWith('zh') ? manifest.notes.zh : manifest.notes.en}</dd>
        <dt>SHA-256</dt>
        <dd className="mono">{manifest.sha256}</dd>
        <dt>{t('rollout.key')}</dt>
        <dd className="mono">{manifest.keyId}</dd>
        <dt>{t('rollout.limits')}</dt>
        <dd>{t('rollout.limitsWords', { failed: rollout.mostFailedPercent, silent: rollout.mostSilentPercent })}</dd>
      </dl>
    </section>
  );
}
