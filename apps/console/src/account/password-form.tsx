import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';

/** The present password, the new one, and the new one again. */
export function PasswordForm({ onChanged }: { readonly onChanged?: () => void }) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<string>();
  const change = useMutation({
    mutationFn: ({ present, next }: { present: string; next: string }) => api.changePassword(present, next),
    onSuccess: () => onChanged?.(),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    };
    const [present, next] = [text('present'), text('next')];
    const missing = present === '' || next === '' || text('repeat') === '';
    const words = missing ? t('own.required') : next === text('repeat') ? undefined : t('own.differ');
    setProblem(words);
    if (words === undefined) change.mutate({ present, next }, { onSuccess: () => form.reset() });
  };
  const failure = problem ?? (change.isError ? problemWords(t, change.error) : undefined);
  return (
    <form className="new-account" onSubmit={submit} noValidate data-testid="password-form">
      <label className="field">
        {t('own.present')}
        <input name="present" type="password" autoComplete="current-password" />
      </label>
      <label className="field">
        {t('own.next')}
        <input name="next" type="password" autoComplete="new-password" />
        <small>{t('account.passwordHint')}</small>
      </label>
      <label className="field">
        {t('own.repeat')}
        <input name="repeat" type="password" autoComplete="new-password" />
      </label>
      {failure ? (
        <p className="problem" role="alert">
          {failure}
        </p>
      ) : null}
      {change.isSuccess && failure === undefined ? <p role="status">{t('own.saved')}</p> : null}
      <button type="submit" className="primary" disabled={change.isPending}>
        {t('own.save')}
      </button>
    </form>
  );
}
