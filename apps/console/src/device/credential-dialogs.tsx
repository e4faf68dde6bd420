import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { api } from '../api/resources.ts';
import { formatInstant } from '../format/instant.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { Modal } from '../shell/modal.tsx';
import { ShownOnce } from './shown-once.tsx';

type Props = { readonly deviceId: string; readonly onClose: () => void };

/** A new secret: asked first, because the device drops out until it has it. */
export function SecretDialog({ deviceId, onClose }: Props) {
  const { t } = useTranslation();
  const renew = useMutation({ mutationFn: () => api.renewSecret(deviceId) });
  if (renew.data)
    return (
      <ShownOnce title={t('life.secretOf', { id: deviceId })} secret={renew.data.secret} notes={[]} onClose={onClose} />
    );
  return (
    <DialogForm
      title={t('life.secretTitle')}
      submit={t('life.secretConfirm')}
      isBusy={renew.isPending}
      error={renew.error}
      missing={() => undefined}
      onSend={() => renew.mutate()}
      onClose={onClose}
    >
      <p>{t('life.secretWhy')}</p>
    </DialogForm>
  );
}

/** A claim code with its QR code: the device stays connected until the code is used, so nothing is asked first. */
export function ClaimDialog({ deviceId, onClose }: Props) {
  const { t } = useTranslation();
  const { mutate, data, error, isPending } = useMutation({ mutationFn: () => api.claimDevice(deviceId) });
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    mutate();
  }, [mutate]);
  if (data)
    return (
      <ShownOnce
        title={`${t('life.claimCode')} · ${deviceId}`}
        secret={data.claimCode}
        notes={[t('life.claimUntil', { time: formatInstant(data.expiresAt) })]}
        usage={{
          label: t('life.claimHow'),
          command: `fengsui terminal enrol --centre ${window.location.origin} --claim ${data.claimCode}`,
        }}
        qr={{ ...data.qr, label: t('life.claimQr') }}
        onClose={onClose}
      />
    );
  return (
    <Modal title={t('life.claimCode')} onClose={onClose}>
      <div className="stack">
        {error ? <ProblemNote error={error} onRetry={() => mutate()} /> : null}
        {isPending ? <p role="status">{t('desk.sending')}</p> : null}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('dialog.cancel')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
