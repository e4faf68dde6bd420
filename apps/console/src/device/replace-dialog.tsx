import type { Device } from '@fengsui/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Another device in the place of this one; its secret is shown once. */
export function ReplaceDialog({ device, onClose }: { readonly device: Device; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const models = useQuery(queries.models()).data ?? [];
  const [newDeviceId, setNewDeviceId] = useState('');
  const [model, setModel] = useState('');
  const [reason, setReason] = useState('');
  const replace = useMutation({
    mutationFn: () =>
      api.replaceDevice(device.id, {
        newDeviceId: newDeviceId.trim(),
        reason: reason.trim(),
        ...(model !== '' && { model }),
      }),
  });
  if (replace.data)
    return (
      <ShownOnce
        title={t('life.secretOf', { id: replace.data.deviceId })}
        secret={replace.data.secret}
        notes={[t('life.replaceDone', { id: replace.data.deviceId })]}
        onClose={onClose}
      />
    );
  return (
    <DialogForm
      title={t('life.replaceTitle', { id: device.id })}
      submit={t('life.replace')}
      isBusy={replace.isPending}
      error={replace.error}
      missing={() =>
        newDeviceId.trim() === '' ? t('life.replaceNew') : reason.trim() === '' ? t('life.reasonMissing') : undefined
      }
      onSend={() => replace.mutate()}
      onClose={onClose}
    >
      <p className="muted">{t('life.replaceWhy')}</p>
      <label className="field">
        {t('life.replaceNew')}
        <input
          name="newDeviceId"
          value={newDeviceId}
          maxLength={64}
          spellCheck={false}
          autoCapitalize="none"
          onChange={({ target }) => setNewDeviceId(target.value)}
        />
      </label>
      <label className="field">
        {t('life.replaceModel')}
        <select value={model} onChange={({ target }) => setModel(target.value)}>
          <option value="">{t('life.replaceSame', { model: device.model })}</option>
          {models
            .filter(({ id }) => id !== device.model)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {i18n.language === 'en' ? name.en : name.zh} · {id}
              </option>
            ))}
        </select>
      </label>
      <label className="field">
        {t('life.reason')}
        <textarea maxLength={300} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
    </DialogForm>
  );
}
