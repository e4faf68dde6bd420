import './shell.css';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <main className="centred">
      <div className="card">
        <h1>{t('problem.page')}</h1>
        <Link to="/desk" className="button">
          {t('problem.toDesk')}
        </Link>
      </div>
    </main>
  );
}

export function PendingPage() {
  const { t } = useTranslation();
  return (
    <p className="empty" role="status">
      {t('feed.loading')}…
    </p>
  );
}

/** A question the page cannot do without was refused, or the page itself failed. */
export function CrashPage({ error }: ErrorComponentProps<unknown>) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className="centred">
      <div className="card">
        <h1>{t('problem.title')}</h1>
        {isProblem(error) ? (
          <ProblemNote error={error} onRetry={() => void router.invalidate()} />
        ) : (
          <>
            <p>{t('problem.crash')}</p>
            <p className="mono">{error instanceof Error ? error.message : String(error)}</p>
          </>
        )}
      </div>
    </main>
  );
}
