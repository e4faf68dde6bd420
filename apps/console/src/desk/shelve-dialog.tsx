import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNear } from '../format/instant.ts';
import { Modal } from '../shell/modal.tsx';

/** Minutes offered; the API takes at most 24 h. */
const choices = [15, 60, 240, 480, 1_440] as const;

export type ShelveDialogProps = {
  readonly subject: string;
  readonly onSend: (until: string, reason: string) => Promise<string | undefined>;
  readonly onClose: () => void;
};

/** Asks until when and why. What may not be shelved is refused by the API, in its own words. */
export function ShelveDialog({ subject, onSend, onClose }: ShelveDialogProps) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<number>(60);
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [openedAt] = useState(() => Date.now());

  const send = async (): Promise<void> => {
    if (reason.trim() === '') return setFailure(t('dialog.reasonRequired'));
    setBusy(true);
    // A minute under the limit: the centre's clock may be ahead of this screen's.
    const untilMs = Date.now() + Math.min(minutes * 60_000, 24 * 3_600_000 - 60_000);
    const refusal = await onSend(new Date(untilMs).toISOString(), reason.trim());
    setBusy(false);
    if (refusal === undefined) onClose();
    else setFailure(refusal);
  };

  return (
    <Modal title={t('dialog.shelveTitle')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>{subject}</p>
        <p className="muted">{t('dialog.shelveWhy')}</p>
        <div className="choices" role="group" aria-label={t('dialog.until')}>
          {choices.map((choice) => (
            <button key={choice} type="button" aria-pressed={choice === minutes} onClick={() => setMinutes(choice)}>
              {choice < 60 ? t('dialog.minutes', { n: choice }) : t('dialog.hours', { n: choice / 60 })}
            </button>
          ))}
          <span className="chip">
            {t('dialog.until')} <b>{formatNear(openedAt + minutes * 60_000, openedAt)}</b>
          </span>
        </div>
        <label className="field">
          {t('dialog.reason')}
          <textarea maxLength={500} value={reason} onChange={({ target }) => setReason(target.value)} />
        </label>
        {failure ? (
          <p className="problem" role="alert">
            {failure}
          </p>
        ) : null}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('dialog.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {isBusy ? t('desk.sending') : t('desk.shelve')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
