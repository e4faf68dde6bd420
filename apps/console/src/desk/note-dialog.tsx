import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Modal } from '../shell/modal.tsx';

export type NoteDialogProps = {
  readonly purpose: 'acknowledge' | 'inspect';
  readonly subject: string;
  /** Resolves to the words of a refusal, or undefined when accepted. */
  readonly onSend: (note: string) => Promise<string | undefined>;
  readonly onClose: () => void;
};

/** Asks for a note: optional when acknowledging, required for an inspection. */
export function NoteDialog({ purpose, subject, onSend, onClose }: NoteDialogProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isRequired = purpose === 'inspect';

  const send = async (): Promise<void> => {
    if (isRequired && note.trim() === '') return setFailure(t('dialog.inspectRequired'));
    setBusy(true);
    const refusal = await onSend(note.trim());
    setBusy(false);
    if (refusal === undefined) onClose();
    else setFailure(refusal);
  };

  return (
    <Modal title={t(isRequired ? 'dialog.inspectTitle' : 'dialog.noteTitle')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>{subject}</p>
        {isRequired ? <p className="muted">{t('dialog.inspectWhy')}</p> : null}
        <label className="field">
          {t(isRequired ? 'dialog.noteRequired' : 'dialog.note')}
          <textarea maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} />
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
            {isBusy ? t('desk.sending') : t('dialog.send')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
