import '../shell/shell.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { api } from '../api/resources.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { setLeaveOwed } from './owed-leave.ts';
import { openIdReturn } from './open-id-return.ts';

/** Back from the OpenID Connect provider: logs in, or links the own account. */
export function OpenIdPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [returned] = useState(() => openIdReturn(window.location.search));
  // A query, not an effect: it runs once per return, however often the page is drawn.
  const outcome = useQuery({
    queryKey: ['openIdReturn', returned?.state],
    queryFn: async () => {
      if (returned === undefined) return undefined;
      const { kind, ...body } = returned;
      if (kind === 'logIn') return { kind, session: await api.logInByOpenId(body) };
      const session = await queryClient.ensureQueryData(queries.session());
      setCsrfToken(session.csrfToken);
      await api.linkOpenId(body);
      return { kind };
    },
    enabled: returned !== undefined,
    retry: false,
    staleTime: Infinity,
  });
  const isLink = returned?.kind === 'link';
  useEffect(() => {
    const done = outcome.data;
    if (!done) return;
    if (done.kind === 'link') {
      void queryClient.invalidateQueries({ queryKey: queries.ownOpenId().queryKey });
      void navigate({ to: '/account', replace: true });
      return;
    }
    // Who was there before is no longer: this browser has another log-in now.
    setLeaveOwed(false);
    setCsrfToken(done.session.csrfToken);
    queryClient.clear();
    queryClient.setQueryData(queries.session().queryKey, done.session);
    void navigate({ to: '/', replace: true });
  }, [outcome.data, navigate, queryClient]);
  const failure =
    returned === undefined ? t('refusal.openIdExpired') : outcome.isError ? problemWords(t, outcome.error) : undefined;
  return (
    <main className="centred">
      <div className="card">
        <div className="card-top">
          <h1>{t('openId.title')}</h1>
          <LanguageSwitch />
        </div>
        {failure ? (
          <>
            <p className="problem" role="alert">
              {failure}
            </p>
            <Link to={isLink ? '/account' : '/login'}>{t(isLink ? 'openId.backOwn' : 'openId.back')}</Link>
          </>
        ) : (
          <p role="status">{t('openId.returning')}</p>
        )}
      </div>
    </main>
  );
}
