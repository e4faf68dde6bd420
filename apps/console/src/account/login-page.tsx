import '../shell/shell.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { api } from '../api/resources.ts';
import type { Translate } from '../locale/i18n.ts';
import { returnPath } from '../route/return-path.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { isLeaveOwed, payLeave, setLeaveOwed } from './owed-leave.ts';
import { OpenIdButton } from './open-id-button.tsx';
import { CodeField } from './person-dialog.tsx';

const payEveryMs = 3_000;

export function LoginPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queryClient = useQueryClient();
  const search = useSearch({ strict: false });
  const [isIncomplete, setIncomplete] = useState(false);
  const isOwed = useOwedLeave();
  const [code, setCode] = useState('');
  const [takesCode, setTakesCode] = useState(false);
  const login = useMutation({
    mutationFn: api.login,
    onSuccess: (session) => {
      // Who was there before is no longer: this browser has another log-in now.
      setLeaveOwed(false);
      setCsrfToken(session.csrfToken);
      queryClient.clear();
      queryClient.setQueryData(queries.session().queryKey, session);
      router.history.push(returnPath(search.next));
    },
    onError: (error) => {
      setCode('');
      if (isProblem(error) && error.code === 'codeNeeded') setTakesCode(true);
    },
  });

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [username, password] = [form.get('username'), form.get('password')];
    const isComplete =
      typeof username === 'string' && typeof password === 'string' && username.trim() !== '' && password !== '';
    const isCodeMissing = takesCode && code.trim() === '';
    setIncomplete(!isComplete || isCodeMissing);
    if (!isComplete || isCodeMissing) return;
    login.mutate({ username: username.trim(), password, ...(takesCode && { code: code.trim() }) });
  };
  const startAnew = (): void => {
    setTakesCode(false);
    setIncomplete(false);
    login.reset();
  };

  const notice = search.ended === 'founder' ? t('login.founderDone') : search.ended ? t('login.ended') : undefined;
  const isAsked = takesCode && isProblem(login.error) && login.error.code === 'codeNeeded';
  const failure = isIncomplete
    ? t(takesCode ? 'login.codeRequired' : 'login.required')
    : login.isError && !isAsked
      ? loginWords(t, login.error, takesCode)
      : undefined;
  return (
    <main className="centred">
      <form className="card" onSubmit={submit} noValidate>
        <div className="card-top">
          <div>
            <h1 className="brand">
              {t('product.name')}
              <small>{t('product.latin')}</small>
            </h1>
            <p className="muted">{t('product.subtitle')}</p>
          </div>
          <LanguageSwitch />
        </div>
        {isOwed ? (
          <p className="problem" role="alert" data-testid="leave-owed">
            {t('login.leaveOwed')}
          </p>
        ) : null}
        {notice && !failure ? <p role="status">{notice}</p> : null}
        <label className="field">
          {t('login.username')}
          <input
            name="username"
            autoComplete="username"
            autoFocus
            spellCheck={false}
            autoCapitalize="none"
            readOnly={takesCode}
          />
        </label>
        <label className="field">
          {t('login.password')}
          <input name="password" type="password" autoComplete="current-password" readOnly={takesCode} />
        </label>
        {takesCode ? <CodeField value={code} onChange={setCode} isFirst /> : null}
        {failure ? (
          <p className="problem" role="alert">
            {failure}
          </p>
        ) : null}
        <button type="submit" className="primary" disabled={login.isPending}>
          {login.isPending ? t('login.busy') : t('login.submit')}
        </button>
        {takesCode ? (
          <button type="button" className="plain" onClick={startAnew}>
            {t('login.anew')}
          </button>
        ) : (
          <>
            <OpenIdButton />
            <p className="muted">{t('login.noAccount')}</p>
          </>
        )}
      </form>
    </main>
  );
}

/** Whether a log-out is owed; made up for from here. */
function useOwedLeave(): boolean {
  const [isOwed, setOwed] = useState(isLeaveOwed);
  useEffect(() => {
    if (!isOwed) return;
    const timer = setInterval(
      () =>
        void payLeave().then(
          () => setOwed(false),
          () => undefined,
        ),
      payEveryMs,
    );
    return () => clearInterval(timer);
  }, [isOwed]);
  return isOwed;
}

function loginWords(t: Translate, error: unknown, hadCode: boolean): string {
  if (isProblem(error, 401)) return t(hadCode ? 'login.wrongCode' : 'login.wrong');
  if (isProblem(error, 423) || isProblem(error, 429)) return t('login.locked');
  return problemWords(t, error);
}
