import {
  signatureCapacities,
  type Acceptance,
  type CommissioningTest,
  type SignatureCapacity,
} from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { commissioningApi } from './commissioning-api.ts';
import { useCommissioningAct } from './use-commissioning-act.ts';

export type AcceptancePanelProps = {
  readonly venueId: string;
  readonly test: CommissioningTest | undefined;
  readonly acceptances: readonly Acceptance[];
  readonly mayRun: boolean;
};

/** What the test came to, version by version, with the two who have confirmed it. */
export function AcceptancePanel({ venueId, test, acceptances, mayRun }: AcceptancePanelProps) {
  const { t } = useTranslation();
  const make = useCommissioningAct((testId: string) => commissioningApi.makeAcceptance(venueId, testId));
  const ofTest = acceptances.filter(({ testId }) => testId === test?.id);
  const isDue = test?.endedAt !== undefined && !ofTest.some(({ isCurrent }) => isCurrent);
  return (
    <section className="panel" aria-labelledby="acceptance-title" data-testid="acceptances">
      <header>
        <h2 id="acceptance-title">{t('commissioning.acceptance')}</h2>
        <span className="muted">{t('commissioning.acceptanceWhy')}</span>
        {mayRun && isDue ? (
          <button
            type="button"
            className="primary end"
            disabled={make.isPending}
            onClick={() => make.mutate(test.id)}
            data-testid="make-acceptance"
          >
            {ofTest.length === 0 ? t('commissioning.make') : t('commissioning.makeNew')}
          </button>
        ) : null}
      </header>
      {make.isError ? <ProblemNote error={make.error} /> : null}
      {acceptances.length === 0 ? <p className="muted">{t('commissioning.none')}</p> : null}
      <ul className="acceptances">
        {acceptances.map((acceptance) => (
          <Version key={`${acceptance.testId}/${acceptance.version}`} venueId={venueId} acceptance={acceptance} />
        ))}
      </ul>
    </section>
  );
}

function Version({ venueId, acceptance }: { readonly venueId: string; readonly acceptance: Acceptance }) {
  const { t } = useTranslation();
  const maySign = usePermission('commission.sign');
  const session = useSession();
  const [isSigning, setSigning] = useState(false);
  const { testId, version, madeAt, madeBy, isPassed, isCurrent, sha256, signatures } = acceptance;
  const hasSigned = signatures.some(({ by }) => by === session?.username);
  return (
    <li
      className={isCurrent ? 'current' : 'old'}
      data-testid="acceptance"
      data-version={version}
      data-current={isCurrent}
    >
      <div className="version-head">
        <b>{t('commissioning.version', { n: version })}</b>
        <span className={isPassed ? '' : 'warn-words'}>
          {isPassed ? `✓ ${t('commissioning.isPassed')}` : t('commissioning.isNotPassed')}
        </span>
        <span className="muted">
          {testId} · {t('commissioning.madeBy', { at: formatInstant(madeAt), by: madeBy })}
        </span>
        <span className="end papers">
          {(['zh', 'en'] as const).map((language) => (
            <a
              key={language}
              className="button"
              href={commissioningApi.paperUrl(venueId, acceptance, language)}
              target="_blank"
              rel="noreferrer"
            >
              {t('commissioning.paper')} {language === 'zh' ? t('labels.chinese') : t('labels.english')}
            </a>
          ))}
        </span>
      </div>
      {isCurrent ? null : <p className="warn-words">{t('commissioning.isOld')}</p>}
      <ul className="signatures">
        {signatureCapacities.map((capacity) => {
          const signature = signatures.find((candidate) => candidate.capacity === capacity);
          return (
            <li key={capacity} data-testid={`signature-${capacity}`} data-signed={signature !== undefined}>
              <span className="muted">{t(`commissioning.capacity.${capacity}`)}</span>
              <span>
                {signature === undefined
                  ? t('commissioning.notSigned')
                  : `✓ ${t('commissioning.signedBy', { name: signature.name, by: signature.by, at: formatInstant(signature.at) })}`}
              </span>
            </li>
          );
        })}
        {isCurrent && maySign && !hasSigned && signatures.length < 2 ? (
          <li>
            <button type="button" className="primary" onClick={() => setSigning(true)} data-testid="sign">
              {t('commissioning.sign')}
            </button>
          </li>
        ) : null}
      </ul>
      <p className="muted mono small">
        {t('commissioning.hash')} {sha256}
      </p>
      {isSigning ? <SignDialog venueId={venueId} acceptance={acceptance} onClose={() => setSigning(false)} /> : null}
    </li>
  );
}

type SignDialogProps = {
  readonly venueId: string;
  readonly acceptance: Acceptance;
  readonly onClose: () => void;
};

function SignDialog({ venueId, acceptance, onClose }: SignDialogProps) {
  const { t } = useTranslation();
  const session = useSession();
  const free = signatureCapacities.filter((known) => !acceptance.signatures.some(({ capacity }) => capacity === known));
  const [capacity, setCapacity] = useState<SignatureCapacity>(free[0] ?? 'handOver');
  const [name, setName] = useState('');
  const sign = useCommissioningAct(() => commissioningApi.sign(venueId, acceptance, capacity, name.trim()), onClose);
  return (
    <DialogForm
      title={t('commissioning.signTitle', { n: acceptance.version })}
      submit={t('commissioning.sign')}
      isBusy={sign.isPending}
      error={sign.error}
      missing={() => (name.trim() === '' ? t('commissioning.signNameMissing') : undefined)}
      onSend={() => sign.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t('commissioning.signWords', { by: session?.username })}</p>
      <p className="mono small">{acceptance.sha256}</p>
      <label className="field">
        {t('commissioning.signAs')}
        <select
          value={capacity}
          onChange={({ target }) => setCapacity(target.value === 'takeOver' ? 'takeOver' : 'handOver')}
        >
          {free.map((known) => (
            <option key={known} value={known}>
              {t(`commissioning.capacity.${known}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('commissioning.signName')}
        <input maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
    </DialogForm>
  );
}
