import type { QrPath } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Modal } from '../shell/modal.tsx';
import { QrFigure } from './qr-figure.tsx';

export type ShownOnceProps = {
  readonly title: string;
  readonly secret: string;
  readonly notes: readonly string[];
  /** What is typed where the secret is needed. */
  readonly usage?: { readonly label: string; readonly command: string };
  readonly qr?: QrPath & { readonly label: string };
  readonly onClose: () => void;
};

/** Something that nobody can look up later: large, to be copied, and gone when it is closed. */
export function ShownOnce({ title, secret, notes, usage, qr, onClose }: ShownOnceProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Without HTTPS a browser has no clipboard: the person selects it.
      setCopied(false);
    }
  };
  return (
    <Modal title={title} onClose={onClose}>
      <div className="stack shown-once">
        <p className="device-notice">{t('life.once')}</p>
        <code className="secret" data-testid="shown-once">
          {secret}
        </code>
        <div className="actions">
          <span role="status" className="muted">
            {copied === undefined ? '' : copied ? t('life.copied') : t('life.copyFailed')}
          </span>
          <button type="button" onClick={() => void copy()}>
            {t('life.copy')}
          </button>
        </div>
        {qr ? <QrFigure qr={qr} label={qr.label} /> : null}
        {notes.map((note) => (
          <p key={note} className="muted">
            {note}
          </p>
        ))}
        {usage ? (
          <p>
            <span className="muted">{usage.label}</span>
            <code className="mono">{usage.command}</code>
          </p>
        ) : null}
        <div className="actions">
          <button type="button" className="primary" onClick={onClose}>
            {t('life.done')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
