import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

/** For whose venue it is: has the load history deleted. The centre asks who it is, once more. */
export function EraseLoadHistory({ venueId }: { readonly venueId: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const erase = useMutation({
    mutationFn: () => api.eraseLoadHistory(venueId),
    onSuccess: () => {
      setAsking(false);
      void queryClient.invalidateQueries();
    },
  });
  return (
    <>
      <button type="button" className="end plain" onClick={() => setAsking(true)}>
        {t('loadHistory.erase')}
      </button>
      {erase.data === undefined ? null : (
        <p className="muted" role="status">
          {t('loadHistory.erased', { n: erase.data.eventCount, captures: erase.data.captureCount })}
          {erase.data.isComplete ? null : ` ${t('loadHistory.eraseMore')}`}
        </p>
      )}
      {isAsking ? (
        <DialogForm
          title={t('loadHistory.erase')}
          submit={t('loadHistory.eraseNow')}
          isBusy={erase.isPending}
          error={erase.error}
          missing={() => undefined}
          onSend={() => erase.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{t('loadHistory.eraseWhy')}</p>
        </DialogForm>
      ) : null}
    </>
  );
}
