import type { ApiToken } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';
import { formatInstant } from '../format/instant.ts';

export function TokenTable({ tokens }: { readonly tokens: readonly ApiToken[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: api.revokeToken,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <>
      {revoke.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, revoke.error)}
        </p>
      ) : null}
      <div className="table-scroll">
        <table data-testid="tokens">
          <thead>
            <tr>
              <th scope="col">{t('token.name')}</th>
              <th scope="col">{t('account.role')}</th>
              <th scope="col">{t('account.scope')}</th>
              <th scope="col">{t('account.createdAt')}</th>
              <th scope="col">{t('token.expires')}</th>
              <th scope="col">{t('token.used')}</th>
              <th scope="col">{t('account.acts')}</th>
            </tr>
          </thead>
          <tbody>
            {tokens.map(({ id, name, role, venueIds, createdAt, expiresAt, usedAt }) => (
              <tr key={id}>
                <td>{name}</td>
                <td>{t(`role.${role}`)}</td>
                <td>{venueIds ? t('account.someVenues', { n: venueIds.length }) : t('account.allVenues')}</td>
                <td>{formatInstant(createdAt)}</td>
                <td>{expiresAt ? formatInstant(expiresAt) : t('token.never')}</td>
                <td>{usedAt ? formatInstant(usedAt) : t('token.unused')}</td>
                <td>
                  <button type="button" disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>
                    {t('token.revoke')}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
