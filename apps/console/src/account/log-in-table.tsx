import type { LogIn } from '@fengsui/protocol';
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { formatInstant } from '../format/instant.ts';
import { agentName } from './agent-name.ts';

type Props = {
  readonly logins: readonly LogIn[];
  /** Whose each is, where there are several people's. */
  readonly showsUser?: boolean;
  readonly end: (id: string) => Promise<void>;
  readonly queryKey: QueryKey;
};

/** Log-ins that are alive, each with its end. */
export function LogInTable({ logins, showsUser = false, end, queryKey }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const ending = useMutation({
    mutationFn: end,
    onSettled: () => void queryClient.invalidateQueries({ queryKey }),
  });
  return (
    <>
      {ending.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, ending.error)}
        </p>
      ) : null}
      <div className="table-scroll">
        <table data-testid="log-ins">
          <thead>
            <tr>
              {showsUser ? <th scope="col">{t('account.username')}</th> : null}
              <th scope="col">{t('own.since')}</th>
              <th scope="col">{t('own.until')}</th>
              <th scope="col">{t('own.from')}</th>
              <th scope="col">{t('own.agent')}</th>
              <th scope="col">{t('account.acts')}</th>
            </tr>
          </thead>
          <tbody>
            {logins.map((login) => (
              <tr key={login.id} data-own={login.own}>
                {showsUser ? <td>{login.username}</td> : null}
                <td>{formatInstant(login.createdAt)}</td>
                <td>{formatInstant(login.expiresAt)}</td>
                <td>{login.address ?? t('own.unknown')}</td>
                <td className="agent" title={login.agent}>
                  {login.agent ? agentName(login.agent) : t('own.unknown')}
                </td>
                <td>
                  {login.own ? (
                    <span className="tag">{t('own.here')}</span>
                  ) : (
                    <button type="button" disabled={ending.isPending} onClick={() => ending.mutate(login.id)}>
                      {t('own.end')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
