import type { Role } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';
import { BoundChoice } from './bound-choice.tsx';

export const furtherRoles = [
  'operator',
  'shiftLeader',
  'analyst',
  'technician',
  'venueManager',
  'regulator',
  'display',
  'insurer',
  'integrator',
  'factory',
] as const satisfies readonly Role[];

/** Creates one account: of the given role, or of a role to choose. */
export function NewAccountForm({ role: fixedRole }: { readonly role?: Role }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [role, setRole] = useState<Role>(fixedRole ?? 'operator');
  const create = useMutation({
    mutationFn: api.createUser,
    onSuccess: () => {
      form.current?.reset();
      // The third administrator ends the founder: the next answer says so, and leads to the log-in.
      void queryClient.invalidateQueries({ queryKey: ['users'] });
    },
  });

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    };
    const venueIds = data.getAll('venueIds').filter((value) => typeof value === 'string');
    create.mutate({
      username: text('username').trim(),
      password: text('password'),
      role,
      ...(venueIds.length > 0 ? { venueIds } : {}),
      ...(text('organisationId') === '' ? {} : { organisationId: text('organisationId') }),
      ...(data.get('mustChange') === 'on' ? { mustChangePassword: true } : {}),
    });
  };

  return (
    <form ref={form} className="new-account" onSubmit={submit}>
      {fixedRole ? null : (
        <label className="field">
          {t('account.role')}
          <select
            value={role}
            onChange={({ target }) => setRole(furtherRoles.find((r) => r === target.value) ?? 'operator')}
          >
            {furtherRoles.map((word) => (
              <option key={word} value={word}>
                {t(`role.${word}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        {t('account.username')}
        <input name="username" required autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </label>
      <label className="field">
        {t('account.password')}
        <input
          name="password"
          type="password"
          required
          minLength={8}
          autoComplete="new-password"
          title={t('account.passwordHint')}
        />
        <small>{t('account.passwordHint')}</small>
      </label>
      {fixedRole ? null : (
        <label>
          <input name="mustChange" type="checkbox" /> {t('account.mustChange')}
        </label>
      )}
      {fixedRole ? null : <BoundChoice />}
      <button type="submit" disabled={create.isPending}>
        {create.isPending ? t('account.creating') : t('account.create')}
      </button>
      {create.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, create.error)}
        </p>
      ) : null}
      {create.isSuccess && !fixedRole ? (
        <p role="status">{t('account.created', { name: create.data.username, role: t(`role.${create.data.role}`) })}</p>
      ) : null}
    </form>
  );
}
