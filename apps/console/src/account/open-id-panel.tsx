import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

/** Who the own account is at the OpenID Connect provider, where one is configured. */
export function OpenIdPanel() {
  const { t } = useTranslation();
  const name = useQuery(queries.openId()).data?.name;
  const own = useQuery({ ...queries.ownOpenId(), enabled: name !== undefined });
  const [isUnlinking, setUnlinking] = useState(false);
  const link = useMutation({
    mutationFn: api.beginOpenIdLink,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const unlink = useMutation({
    mutationFn: api.unlinkOpenId,
    onSuccess: () => {
      setUnlinking(false);
      void own.refetch();
    },
  });
  if (name === undefined || own.data === undefined) return null;
  const { subject } = own.data;
  return (
    <section className="panel" aria-labelledby="open-id" data-testid="open-id">
      <h2 id="open-id">{t('openId.title')}</h2>
      <p>{subject === undefined ? t('openId.why', { name }) : t('openId.linked', { subject })}</p>
      <div className="account-acts">
        {subject === undefined ? (
          <button type="button" disabled={link.isPending || link.isSuccess} onClick={() => link.mutate()}>
            {t('openId.link')}
          </button>
        ) : (
          <button type="button" onClick={() => setUnlinking(true)}>
            {t('openId.unlink')}
          </button>
        )}
      </div>
      {link.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, link.error)}
        </p>
      ) : null}
      {isUnlinking ? (
        <DialogForm
          title={t('openId.unlink')}
          submit={t('openId.unlink')}
          isBusy={unlink.isPending}
          error={unlink.error}
          missing={() => undefined}
          onSend={() => unlink.mutate()}
          onClose={() => setUnlinking(false)}
        >
          <p>{t('openId.unlinkWhy')}</p>
        </DialogForm>
      ) : null}
    </section>
  );
}
