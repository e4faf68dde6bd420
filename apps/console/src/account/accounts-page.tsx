import './accounts.css';
import type { Account, Role } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { AccountTable } from './account-table.tsx';
import { LogInTable } from './log-in-table.tsx';
import { NewAccountForm } from './new-account-form.tsx';
import { TokenPanel } from './token-panel.tsx';
import { usePermission, useSession } from './use-session.ts';

/** The three administrators of 三员分立, each a separate account. */
const administrators = ['systemAdmin', 'securityAdmin', 'auditor'] as const satisfies readonly Role[];

export function AccountsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayManage = usePermission('user.manage');
  const users = useQuery({ ...queries.users(), enabled: mayManage });
  if (session && !mayManage)
    return <p className="page">{t('account.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  const accounts = users.data ?? [];
  return (
    <div className="page accounts">
      <h1>{t('account.title')}</h1>
      {session?.demo && session.role === 'founder' ? (
        <section className="panel sit">
          <p>{t('account.sitAtDeskWhy')}</p>
          <Link to="/desk" className="button" data-testid="sit-at-desk">
            {t('account.sitAtDesk')}
          </Link>
        </section>
      ) : null}
      {users.isError ? <ProblemNote error={users.error} onRetry={() => void users.refetch()} /> : null}
      <section className="panel" aria-labelledby="three">
        <h2 id="three">{t('account.threeAdmins')}</h2>
        <p className="muted">{t('account.threeAdminsWhy')}</p>
        <div className="administrators">
          {administrators.map((role) => (
            <Administrator key={role} role={role} account={accounts.find((account) => account.role === role)} />
          ))}
        </div>
      </section>
      <section className="panel" aria-labelledby="other">
        <h2 id="other">{t('account.other')}</h2>
        <p className="muted">{t('account.otherWhy')}</p>
        <NewAccountForm />
      </section>
      <section className="panel" aria-labelledby="list">
        <h2 id="list">{t('account.list')}</h2>
        {users.isSuccess && accounts.length === 0 ? <p className="empty">{t('account.none')}</p> : null}
        {accounts.length > 0 ? <AccountTable accounts={accounts} /> : null}
      </section>
      {mayManage ? <EverybodysLogIns /> : null}
      {mayManage ? <TokenPanel /> : null}
    </div>
  );
}

function Administrator({ role, account }: { readonly role: Role; readonly account: Account | undefined }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t(`role.${role}`)} data-testid={`administrator-${role}`} data-exists={account !== undefined}>
      <h3>{t(`role.${role}`)}</h3>
      {account ? <p>✓ {t('account.exists', { name: account.username })}</p> : <NewAccountForm role={role} />}
    </section>
  );
}

function EverybodysLogIns() {
  const { t } = useTranslation();
  const logins = useQuery(queries.logins());
  return (
    <section className="panel" aria-labelledby="logins">
      <h2 id="logins">{t('account.logins')}</h2>
      <p className="muted">{t('account.loginsWhy')}</p>
      {logins.isError ? <ProblemNote error={logins.error} onRetry={() => void logins.refetch()} /> : null}
      <LogInTable logins={logins.data ?? []} showsUser end={api.endLogin} queryKey={queries.logins().queryKey} />
    </section>
  );
}
