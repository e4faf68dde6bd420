import '../shell/shell.css';
import './accounts.css';
import type { OwedStep } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { leaveSeat } from './owed-leave.ts';
import { PasswordForm } from './password-form.tsx';
import { PersonGate } from './person-gate.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** All that a log-in may do whose password was given to it, or is too old. */
export function OwedPasswordPage() {
  const { t } = useTranslation();
  const over = useStepOver();
  return (
    <OwedStepFrame step="newPassword" title={t('own.owedTitle')} why={t('own.owedWhy')}>
      <PasswordForm onChanged={over} />
    </OwedStepFrame>
  );
}

/** All that a log-in may do whose account must have a second factor, and has none. */
export function OwedFactorPage() {
  const { t } = useTranslation();
  const over = useStepOver();
  return (
    <OwedStepFrame step="secondFactor" title={t('factor.owedTitle')} why={t('factor.owedWhy')}>
      <SecondFactorSetup onDone={over} />
    </OwedStepFrame>
  );
}

/** The session says what comes next. */
function useStepOver(): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: queries.session().queryKey });
}

type FrameProps = {
  readonly step: OwedStep;
  readonly title: string;
  readonly why: string;
  readonly children: ReactNode;
};

function OwedStepFrame({ step, title, why, children }: FrameProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: session, error } = useQuery(queries.session());
  useEffect(() => {
    if (session) setCsrfToken(session.csrfToken);
    const isOver = session ? session.owes !== step : isProblem(error, 401);
    if (isOver) void navigate({ to: session ? '/' : '/login', replace: true });
  }, [session, error, navigate, step]);
  const leave = (): void => {
    void leaveSeat().finally(() => {
      queryClient.clear();
      void navigate({ to: '/login' });
    });
  };
  return (
    <PersonGate>
      <main className="centred">
        <div className="card">
          <div className="card-top">
            <h1>{title}</h1>
            <LanguageSwitch />
          </div>
          <p className="muted">{session?.username}</p>
          <p>{why}</p>
          {children}
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
    </PersonGate>
  );
}
