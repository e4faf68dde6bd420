import type { DeviceLifeState } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '../shell/dialog-form.tsx';

export type LifeChangeDialogProps = {
  readonly to: DeviceLifeState;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onSend: (reason: string) => void;
  readonly onClose: () => void;
};

/** Asks why; says what the new state means, and that retiring is for good. */
export function LifeChangeDialog({ to, isBusy, error, onSend, onClose }: LifeChangeDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const state = t(`life.state.${to}`);
  return (
    <DialogForm
      title={t('life.changeTitle', { state })}
      submit={t('life.change', { state })}
      isBusy={isBusy}
      error={error}
      missing={() => (reason.trim() === '' ? t('life.reasonMissing') : undefined)}
      onSend={() => onSend(reason.trim())}
      onClose={onClose}
    >
      <p>{t(`life.meaning.${to}`)}</p>
      {to === 'retired' ? <p className="warn-words">{t('life.retireWarning')}</p> : null}
      <label className="field">
        {t('life.reason')}
        <textarea maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
    </DialogForm>
  );
}
