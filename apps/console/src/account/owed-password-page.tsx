import '../shell/shell.css';
import './accounts.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { leaveSeat } from './owed-leave.ts';
import { PasswordForm } from './password-form.tsx';

/** All that a log-in may do whose password was given to it, or is too old. */
export function OwedPasswordPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: session, error } = useQuery(queries.session());
  useEffect(() => {
    if (session) setCsrfToken(session.csrfToken);
    const isOver = session ? session.owes === undefined : isProblem(error, 401);
    if (isOver) void navigate({ to: session ? '/' : '/login', replace: true });
  }, [session, error, navigate]);
  const leave = (): void => {
    void leaveSeat().finally(() => {
      queryClient.clear();
      void navigate({ to: '/login' });
    });
  };
  return (
    <main className="centred">
      <div className="card">
        <div className="card-top">
          <h1>{t('own.owedTitle')}</h1>
          <LanguageSwitch />
        </div>
        <p className="muted">{session?.username}</p>
        <p>{t('own.owedWhy')}</p>
        <PasswordForm onChanged={() => void queryClient.invalidateQueries({ queryKey: queries.session().queryKey })} />
        <Link
          to="/login"
          onClick={(event) => {
            event.preventDefault();
            leave();
          }}
        >
          {t('nav.logout')}
        </Link>
      </div>
    </main>
  );
}
