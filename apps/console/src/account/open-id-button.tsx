import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';

/** To the OpenID Connect provider, where one is configured. */
export function OpenIdButton() {
  const { t } = useTranslation();
  const { data } = useQuery(queries.openId());
  const begin = useMutation({
    mutationFn: api.beginOpenId,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const name = data?.name;
  if (name === undefined) return null;
  return (
    <>
      <button type="button" disabled={begin.isPending || begin.isSuccess} onClick={() => begin.mutate()}>
        {begin.isPending || begin.isSuccess ? t('openId.going', { name }) : t('openId.logIn', { name })}
      </button>
      {begin.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, begin.error)}
        </p>
      ) : null}
    </>
  );
}
