import '../shell/shell.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { api } from '../api/resources.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { founderToken } from './founder-token.ts';

/** Claims a wall's one-time link and lights the wall. */
export function WallLinkPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [token] = useState(() => founderToken(window.location.hash, window.location.search));
  // A query, not an effect: it runs once per token, however often the page is drawn.
  const claim = useQuery({
    queryKey: ['wallClaim', token],
    queryFn: () => api.claimDisplay(token ?? ''),
    enabled: token !== undefined,
    retry: false,
    staleTime: Infinity,
  });
  useEffect(() => {
    if (!claim.data) return;
    setCsrfToken(claim.data.csrfToken);
    queryClient.setQueryData(queries.session().queryKey, claim.data);
    void navigate({ to: '/wall', replace: true });
  }, [claim.data, navigate, queryClient]);
  const isUsed = token === undefined || isProblem(claim.error, 410) || isProblem(claim.error, 400);
  const failure = isUsed ? t('wallLink.used') : claim.isError ? problemWords(t, claim.error) : undefined;
  return (
    <main className="centred">
      <div className="card">
        <div className="card-top">
          <h1>{t('wallLink.title')}</h1>
          <LanguageSwitch />
        </div>
        {failure ? (
          <p className="problem" role="alert">
            {failure}
          </p>
        ) : (
          <p role="status">{t('wallLink.claiming')}</p>
        )}
      </div>
    </main>
  );
}
