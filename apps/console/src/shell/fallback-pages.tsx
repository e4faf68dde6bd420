import './shell.css';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isNoAnswer, isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { api } from '../api/resources.ts';
import { formatClock } from '../format/instant.ts';

const retryEveryMs = 5_000;

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
  const isAway = isNoAnswer(error);
  const [triedAt, setTriedAt] = useState(() => Date.now());
  // A wall has nobody who presses a button.
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => {
      setTriedAt(Date.now());
      api.session().then(
        () => router.invalidate(),
        (problem: unknown) => (isNoAnswer(problem) ? undefined : router.invalidate()),
      );
    }, retryEveryMs);
    return () => clearInterval(timer);
  }, [isAway, router]);
  return (
    <main className="centred">
      <div className="card" data-testid="crash">
        <h1>{t(isAway ? 'problem.away' : 'problem.title')}</h1>
        {isAway ? <p>{t('problem.retrying', { time: formatClock(triedAt) })}</p> : null}
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
