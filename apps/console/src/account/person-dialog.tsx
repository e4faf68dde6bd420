import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { setCsrfToken, type PersonNeed } from '../api/request.ts';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { useSession } from './use-session.ts';

type Props = { readonly need: PersonNeed; readonly onGiven: () => void; readonly onClose: () => void };

/** The password of who sits here; with the code of the second factor where an act needs all that the log-in takes. */
export function PersonDialog({ need, onGiven, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const session = useSession();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const takesCode = need === 'confirm' && session?.secondFactor?.isOn === true;
  const prove = useMutation({
    mutationFn: () =>
      need === 'unlock' ? api.unlockLogIn(password) : api.confirmLogIn(password, takesCode ? code : undefined),
    onSuccess: (answer) => {
      setCsrfToken(answer.csrfToken);
      queryClient.setQueryData(queries.session().queryKey, answer);
      onGiven();
    },
  });
  return (
    <DialogForm
      title={t(`person.${need}Title`, { name: session?.username ?? '' })}
      submit={t(`person.${need}`)}
      isBusy={prove.isPending}
      error={prove.error}
      missing={() => (password === '' || (takesCode && code.trim() === '') ? t('person.required') : undefined)}
      onSend={() => prove.mutate()}
      onClose={onClose}
    >
      <p>{t(`person.${need}Why`)}</p>
      <label className="field">
        {t('login.password')}
        <input
          data-first
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </label>
      {takesCode ? <CodeField value={code} onChange={setCode} /> : null}
    </DialogForm>
  );
}

/** Six digits of the app, or a recovery code. */
export function CodeField(props: {
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly isFirst?: boolean;
  /** Default: what else it may be. */
  readonly hint?: string;
}) {
  const { t } = useTranslation();
  return (
    <label className="field">
      {t('factor.code')}
      <input
        name="code"
        autoComplete="one-time-code"
        spellCheck={false}
        autoCapitalize="none"
        autoFocus={props.isFirst === true}
        value={props.value}
        onChange={({ target }) => props.onChange(target.value)}
      />
      <small>{props.hint ?? t('factor.codeHint')}</small>
    </label>
  );
}
