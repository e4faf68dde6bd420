import type { Account } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';
import { formatInstant } from '../format/instant.ts';
import { DisableDialog, DropFactorDialog, GivenPasswordDialog, RightsDialog } from './account-dialogs.tsx';
import { useSession } from './use-session.ts';

type Asked = { readonly what: 'rights' | 'disable' | 'password' | 'dropFactor'; readonly account: Account };

/** Accounts with what a security administrator does to them. */
export function AccountTable({ accounts }: { readonly accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const own = useSession()?.username;
  const [asked, setAsked] = useState<Asked>();
  const close = (): void => {
    setAsked(undefined);
    void queryClient.invalidateQueries({ queryKey: ['users'] });
    void queryClient.invalidateQueries({ queryKey: ['logins'] });
  };
  const enable = useMutation({
    mutationFn: (username: string) => api.changeUser(username, { disabled: false }),
    onSuccess: close,
  });
  const unlock = useMutation({ mutationFn: async (username: string) => (await api.unlockUser(username), username) });
  const failure = enable.error ?? unlock.error;
  return (
    <>
      {failure ? (
        <p className="problem" role="alert">
          {problemWords(t, failure)}
        </p>
      ) : null}
      {unlock.isSuccess ? <p role="status">{t('account.unlocked', { name: unlock.data })}</p> : null}
      <div className="table-scroll">
        <table data-testid="accounts">
          <thead>
            <tr>
              <th scope="col">{t('account.username')}</th>
              <th scope="col">{t('account.role')}</th>
              <th scope="col">{t('account.scope')}</th>
              <th scope="col">{t('account.createdAt')}</th>
              <th scope="col">{t('account.acts')}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.username} data-testid={`account-${account.username}`}>
                <td>
                  {account.username} {account.disabled ? <span className="tag">{t('account.disabled')}</span> : null}{' '}
                  {account.mustChangePassword ? <span className="tag">{t('account.mustChangeTag')}</span> : null}{' '}
                  {account.hasSecondFactor ? <span className="tag">{t('factor.tag')}</span> : null}
                </td>
                <td>{t(`role.${account.role}`)}</td>
                <td>
                  {account.organisationId === undefined
                    ? null
                    : `${t('account.below', { id: account.organisationId })} · `}
                  {account.venueIds ? t('account.someVenues', { n: account.venueIds.length }) : t('account.allVenues')}
                </td>
                <td>{formatInstant(account.createdAt)}</td>
                <td>
                  <div className="account-acts">
                    {account.username === own ? null : (
                      <button type="button" onClick={() => setAsked({ what: 'rights', account })}>
                        {t('account.change')}
                      </button>
                    )}
                    <button type="button" onClick={() => setAsked({ what: 'password', account })}>
                      {t('account.give')}
                    </button>
                    <button type="button" onClick={() => unlock.mutate(account.username)}>
                      {t('account.unlock')}
                    </button>
                    {account.hasSecondFactor ? (
                      <button type="button" onClick={() => setAsked({ what: 'dropFactor', account })}>
                        {t('factor.drop')}
                      </button>
                    ) : null}
                    {account.disabled ? (
                      <button type="button" onClick={() => enable.mutate(account.username)}>
                        {t('account.enable')}
                      </button>
                    ) : (
                      <button type="button" onClick={() => setAsked({ what: 'disable', account })}>
                        {t('account.disable')}
                      </button>
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked?.what === 'rights' ? <RightsDialog account={asked.account} onClose={close} /> : null}
      {asked?.what === 'disable' ? <DisableDialog account={asked.account} onClose={close} /> : null}
      {asked?.what === 'dropFactor' ? <DropFactorDialog account={asked.account} onClose={close} /> : null}
      {asked?.what === 'password' ? <GivenPasswordDialog account={asked.account} onClose={close} /> : null}
    </>
  );
}
