import './life.css';
import { deviceLifeStates, deviceLifeTransitions, type Device, type DeviceLifeState } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { api } from '../api/resources.ts';
import { formatInstant } from '../format/instant.ts';
import { LifeChangeDialog } from './life-change-dialog.tsx';
import { LifeHistory } from './life-history.tsx';
import { ReplaceDialog } from './replace-dialog.tsx';
import { SecretDialog, ClaimDialog } from './credential-dialogs.tsx';
import { TestDialog } from './test-dialog.tsx';

type Open =
  | { readonly kind: 'change'; readonly to: DeviceLifeState }
  | { readonly kind: 'test' | 'replace' | 'secret' | 'claim' };

/** Where a device is in its life, who brought it there, and what may be done next. */
export function LifeTab({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const session = useSession();
  const mayManage = usePermission('device.manage');
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const { id, life, testedAt, testFailedAt } = device;
  const isRetired = life === 'retired';
  const next = deviceLifeTransitions[life];
  const refresh = (): void => {
    for (const key of ['device', 'deviceHistory']) void queryClient.invalidateQueries({ queryKey: [key, id] });
    void queryClient.invalidateQueries({ queryKey: ['deviceList'] });
  };
  const close = (): void => {
    setOpen(undefined);
    refresh();
  };
  const change = useMutation({
    mutationFn: ({ to, reason }: { to: DeviceLifeState; reason: string }) => api.changeLife(id, to, reason),
    onSuccess: close,
  });
  return (
    <div className="life-columns">
      <div className="page-part">
        <section className="panel" aria-labelledby="life-title">
          <header>
            <h2 id="life-title">{t('life.title')}</h2>
          </header>
          <ol className="life-line">
            {deviceLifeStates.map((state) => (
              <li key={state} {...(state === life && { 'aria-current': 'step' })} className={state}>
                {t(`life.state.${state}`)}
              </li>
            ))}
          </ol>
          <p>{t(`life.meaning.${life}`)}</p>
          {!mayManage && session ? (
            <p className="muted">{t('life.noRight', { role: t(`role.${session.role}`) })}</p>
          ) : next.length === 0 ? (
            <p className="muted">{t('life.nextNone')}</p>
          ) : (
            <div className="life-acts">
              <span className="muted">{t('life.next')}</span>
              {next.map((to) => (
                <button
                  key={to}
                  type="button"
                  data-testid={`life-${to}`}
                  onClick={() => {
                    change.reset();
                    setOpen({ kind: 'change', to });
                  }}
                >
                  {t(`life.state.${to}`)}
                </button>
              ))}
            </div>
          )}
        </section>
        <section className="panel" aria-labelledby="test-title">
          <header>
            <h2 id="test-title">{t('life.test')}</h2>
          </header>
          {testFailedAt ? (
            <p className="warn-words">{t('life.testFailedAt', { time: formatInstant(testFailedAt) })}</p>
          ) : null}
          {testedAt ? <p>{t('life.testPassedAt', { time: formatInstant(testedAt) })}</p> : null}
          {!testedAt && !testFailedAt ? (
            <p className="muted">
              {device.origin === 'live'
                ? t('life.testNever')
                : t('life.testExempt', { origin: t(`originName.${device.origin}`) })}
            </p>
          ) : null}
          {mayManage && !isRetired ? (
            <div className="life-acts">
              <button type="button" data-testid="record-test" onClick={() => setOpen({ kind: 'test' })}>
                {t('life.testRecord')}
              </button>
            </div>
          ) : null}
        </section>
        {mayManage && !isRetired ? (
          <section className="panel" aria-labelledby="credential-title">
            <header>
              <h2 id="credential-title">{t('life.credential')}</h2>
            </header>
            <p className="muted">{t('life.credentialWhy')}</p>
            <div className="life-acts">
              {/* A revoked device gets a new secret first; until then a code would be refused. */}
              {device.revokedAt ? null : (
                <button type="button" data-testid="claim" onClick={() => setOpen({ kind: 'claim' })}>
                  {t('life.claim')}
                </button>
              )}
              <button type="button" data-testid="renew-secret" onClick={() => setOpen({ kind: 'secret' })}>
                {t('life.secret')}
              </button>
              <button type="button" data-testid="replace" onClick={() => setOpen({ kind: 'replace' })}>
                {t('life.replace')}
              </button>
            </div>
          </section>
        ) : null}
      </div>
      <LifeHistory device={device} />
      {open?.kind === 'change' ? (
        <LifeChangeDialog
          to={open.to}
          isBusy={change.isPending}
          error={change.error}
          onSend={(reason) => change.mutate({ to: open.to, reason })}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open?.kind === 'test' ? <TestDialog device={device} onClose={close} /> : null}
      {open?.kind === 'replace' ? <ReplaceDialog device={device} onClose={close} /> : null}
      {open?.kind === 'secret' ? <SecretDialog deviceId={id} onClose={close} /> : null}
      {open?.kind === 'claim' ? <ClaimDialog deviceId={id} onClose={close} /> : null}
    </div>
  );
}
