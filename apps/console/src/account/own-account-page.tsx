import './accounts.css';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { LogInTable } from './log-in-table.tsx';
import { OpenIdPanel } from './open-id-panel.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import { useSession } from './use-session.ts';

/** What everybody does with his own account: its password, and where it is logged in. */
export function OwnAccountPage() {
  const { t } = useTranslation();
  const session = useSession();
  const logins = useQuery(queries.ownLogins());
  return (
    <div className="page accounts">
      <h1>{t('own.title')}</h1>
      {session ? (
        <p className="muted">
          {session.username} · {t(`role.${session.role}`)}
        </p>
      ) : null}
      <section className="panel" aria-labelledby="password">
        <h2 id="password">{t('own.password')}</h2>
        {session?.role === 'founder' ? (
          <p className="muted">{t('own.noPassword')}</p>
        ) : (
          <PasswordForm onChanged={() => void logins.refetch()} />
        )}
      </section>
      <SecondFactorPanel />
      {session?.role === 'founder' ? null : <OpenIdPanel />}
      <section className="panel" aria-labelledby="own-logins">
        <h2 id="own-logins">{t('own.logins')}</h2>
        <p className="muted">{t('own.loginsWhy')}</p>
        {logins.isError ? <ProblemNote error={logins.error} onRetry={() => void logins.refetch()} /> : null}
        <LogInTable logins={logins.data ?? []} end={api.endOwnLogin} queryKey={queries.ownLogins().queryKey} />
      </section>
    </div>
  );
}
