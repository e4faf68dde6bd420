import type { GbRelay, RelayMode } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '../shell/dialog-form.tsx';
import { relayApi } from './relay-api.ts';

export type ModeDialogProps = { readonly relay: GbRelay; readonly mode: RelayMode; readonly onClose: () => void };

/** Switching is one act: what it means is said before, why is kept. */
export function ModeDialog({ relay, mode, onClose }: ModeDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: () => relayApi.switchTo(relay.id, mode, reason.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['relays'] });
      onClose();
    },
  });
  return (
    <DialogForm
      title={t('relay.switchTitle', { id: relay.name ?? relay.id, mode: t(`relay.mode.${mode}`) })}
      submit={t('relay.switchNow')}
      isBusy={act.isPending}
      error={act.error}
      missing={() => (reason.trim() === '' ? t('relay.reasonMissing') : undefined)}
      onSend={() => act.mutate()}
      onClose={onClose}
    >
      <p>{t(`relay.modeWhy.${mode}`)}</p>
      <label className="relay-field">
        {t('relay.reason')}
        <input value={reason} maxLength={500} autoFocus onChange={({ target }) => setReason(target.value)} />
      </label>
    </DialogForm>
  );
}
