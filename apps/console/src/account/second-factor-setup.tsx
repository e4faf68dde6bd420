import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';
import { QrFigure } from '../device/qr-figure.tsx';
import { CodeField } from './person-dialog.tsx';

/**
 * The three steps of a second factor: its secret, shown once; a code of it; the recovery codes, shown once. It is in force
 * from the second on.
 */
export function SecondFactorSetup({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const offer = useMutation({ mutationFn: api.offerFactor });
  const confirm = useMutation({ mutationFn: api.confirmFactor });
  const failure = confirm.error ?? offer.error;
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onKept={onDone} />;
  return (
    <div className="factor-setup" data-testid="factor-setup">
      {offer.data ? (
        <form
          noValidate
          className="new-account"
          onSubmit={(event) => {
            event.preventDefault();
            if (code.trim() !== '') confirm.mutate(code.trim());
          }}
        >
          <p>{t('factor.scan')}</p>
          <QrFigure qr={offer.data.qr} label={t('factor.qr')} />
          <p className="muted">{t('factor.typed')}</p>
          <code className="secret" data-testid="factor-secret">
            {inFours(offer.data.secret)}
          </code>
          <CodeField value={code} onChange={setCode} isFirst hint={t('factor.newCodeHint')} />
          <button type="submit" className="primary" disabled={confirm.isPending}>
            {t('factor.confirm')}
          </button>
        </form>
      ) : (
        <button type="button" className="primary" disabled={offer.isPending} onClick={() => offer.mutate()}>
          {t('factor.begin')}
        </button>
      )}
      {failure ? (
        <p className="problem" role="alert">
          {problemWords(t, failure)}
        </p>
      ) : null}
    </div>
  );
}

function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState<boolean>();
  const copy = (): void => {
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied(true),
      // Without HTTPS a browser has no clipboard: the person selects them.
      () => setCopied(false),
    );
  };
  return (
    <div className="factor-setup" data-testid="recovery-codes">
      <p role="status">
        <b>{t('factor.inForce')}</b> {t('factor.recovery')}
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="account-acts">
        <button type="button" onClick={copy}>
          {t('life.copy')}
        </button>
        <button type="button" className="primary" onClick={onKept}>
          {t('factor.kept')}
        </button>
        <span role="status" className="muted">
          {isCopied === undefined ? '' : t(isCopied ? 'life.copied' : 'life.copyFailed')}
        </span>
      </div>
    </div>
  );
}

const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1 ');
