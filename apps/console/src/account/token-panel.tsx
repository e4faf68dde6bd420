import { tokenRoles, type Role } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { ShownOnce } from '../device/shown-once.tsx';
import { formatInstant } from '../format/instant.ts';
import { TokenTable } from './token-table.tsx';

/** Tokens of programs, and links that light a wall. */
export function TokenPanel() {
  const { t } = useTranslation();
  const tokens = useQuery(queries.tokens());
  return (
    <section className="panel" aria-labelledby="tokens">
      <h2 id="tokens">{t('token.title')}</h2>
      <p className="muted">{t('token.why')}</p>
      {tokens.isError ? <ProblemNote error={tokens.error} onRetry={() => void tokens.refetch()} /> : null}
      {tokens.data?.length === 0 ? <p className="empty">{t('token.none')}</p> : null}
      {tokens.data && tokens.data.length > 0 ? <TokenTable tokens={tokens.data} /> : null}
      <NewToken />
      <h3>{t('token.link')}</h3>
      <p className="muted">{t('token.linkWhy')}</p>
      <NewWallLink />
    </section>
  );
}

const textOf = (form: HTMLFormElement, name: string): string => {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
};

function NewToken() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>('integrator');
  const make = useMutation({
    mutationFn: async (order: { name: string; role: Role; days?: number }) => ({
      ...(await api.createToken(order)),
      name: order.name,
    }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const days = textOf(event.currentTarget, 'days');
    const name = textOf(event.currentTarget, 'name');
    make.mutate({ name, role, ...(days !== '' && { days: Number(days) }) });
  };
  return (
    <form className="new-account" onSubmit={submit} data-testid="new-token">
      <label className="field">
        {t('token.name')}
        <input name="name" required maxLength={64} autoComplete="off" />
      </label>
      <label className="field">
        {t('account.role')}
        <select
          value={role}
          onChange={({ target }) => setRole(tokenRoles.find((word) => word === target.value) ?? 'integrator')}
        >
          {tokenRoles.map((word) => (
            <option key={word} value={word}>
              {t(`role.${word}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('token.days')}
        <input name="days" type="number" min={1} max={3660} />
      </label>
      <button type="submit" disabled={make.isPending}>
        {t('token.make')}
      </button>
      {make.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, make.error)}
        </p>
      ) : null}
      {make.data ? (
        <ShownOnce
          title={t('token.made', { name: make.data.name })}
          secret={make.data.token}
          notes={[t('token.madeNote')]}
          onClose={make.reset}
        />
      ) : null}
    </form>
  );
}

function NewWallLink() {
  const { t } = useTranslation();
  const make = useMutation({
    mutationFn: async (name: string) => ({ ...(await api.createDisplayLink(name)), name }),
  });
  return (
    <form
      className="new-account"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(textOf(event.currentTarget, 'name'));
      }}
    >
      <label className="field">
        {t('token.name')}
        <input name="name" required maxLength={64} autoComplete="off" />
      </label>
      <button type="submit" disabled={make.isPending}>
        {t('token.makeLink')}
      </button>
      {make.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, make.error)}
        </p>
      ) : null}
      {make.data ? (
        <ShownOnce
          title={t('token.linkOf', { name: make.data.name })}
          secret={`${window.location.origin}${make.data.path}`}
          notes={[t('token.linkUntil', { time: formatInstant(make.data.expiresAt) })]}
          onClose={make.reset}
        />
      ) : null}
    </form>
  );
}
