import '../shell/shell.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { api } from '../api/resources.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { founderToken } from './founder-token.ts';

/** Claims the one-time link and leads to the accounts. */
export function FounderPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [token] = useState(() => founderToken(window.location.hash, window.location.search));
  // A query, not an effect: it runs once per token, however often the page is drawn.
  const claim = useQuery({
    queryKey: ['founderClaim', token],
    queryFn: () => api.claimFounder(token ?? ''),
    enabled: token !== undefined,
    retry: false,
    staleTime: Infinity,
  });

  useEffect(() => {
    if (!claim.data) return;
    setCsrfToken(claim.data.csrfToken);
    queryClient.setQueryData(queries.session().queryKey, claim.data);
    // Replaces the address, so that the link does not stay in the history of the browser.
    void navigate({ to: '/accounts', replace: true });
  }, [claim.data, navigate, queryClient]);

  const failure =
    token === undefined
      ? t('founder.noToken')
      : claim.isError
        ? isProblem(claim.error) && claim.error.status >= 400 && claim.error.status < 500 && claim.error.status !== 429
          ? t('founder.used')
          : problemWords(t, claim.error)
        : undefined;
  return (
    <main className="centred">
      <div className="card">
        <div className="card-top">
          <h1>{t('founder.title')}</h1>
          <LanguageSwitch />
        </div>
        {failure ? (
          <>
            <p className="problem" role="alert">
              {failure}
            </p>
            <Link to="/login" className="button">
              {t('founder.toLogin')}
            </Link>
          </>
        ) : (
          <p role="status">{t('founder.claiming')}</p>
        )}
      </div>
    </main>
  );
}
