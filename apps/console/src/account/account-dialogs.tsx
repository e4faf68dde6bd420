import type { Account, Role } from '@fengsui/protocol';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/resources.ts';
import { ShownOnce } from '../device/shown-once.tsx';
import { DialogForm } from '../shell/dialog-form.tsx';
import { BoundChoice } from './bound-choice.tsx';
import { furtherRoles } from './new-account-form.tsx';

type Props = { readonly account: Account; readonly onClose: () => void };

const givableRoles: readonly Role[] = ['systemAdmin', 'securityAdmin', 'auditor', ...furtherRoles];

/** Role and venues of an account. */
export function RightsDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const [role, setRole] = useState<Role>(account.role);
  const bound = useRef<HTMLDivElement>(null);
  const change = useMutation({
    mutationFn: ({ venueIds, organisationId }: ReturnType<typeof chosen>) =>
      api.changeUser(account.username, {
        role,
        venueIds: venueIds.length > 0 ? venueIds : null,
        organisationId: organisationId === '' ? null : organisationId,
      }),
    onSuccess: onClose,
  });
  const chosen = (): { readonly venueIds: readonly string[]; readonly organisationId: string } => {
    const select = (name: string) => bound.current?.querySelector<HTMLSelectElement>(`select[name=${name}]`);
    const [venues, organisation] = [select('venueIds'), select('organisationId')];
    return {
      venueIds: venues ? [...venues.selectedOptions].map(({ value }) => value) : (account.venueIds ?? []),
      organisationId: organisation ? organisation.value : (account.organisationId ?? ''),
    };
  };
  return (
    <DialogForm
      title={t('account.changeOf', { name: account.username })}
      submit={t('account.save')}
      isBusy={change.isPending}
      error={change.error}
      missing={() => undefined}
      onSend={() => change.mutate(chosen())}
      onClose={onClose}
    >
      <p>{t('account.changeWhy')}</p>
      <label className="field">
        {t('account.role')}
        <select
          data-first
          value={role}
          onChange={({ target }) => setRole(givableRoles.find((word) => word === target.value) ?? account.role)}
        >
          {givableRoles.map((word) => (
            <option key={word} value={word}>
              {t(`role.${word}`)}
            </option>
          ))}
        </select>
      </label>
      <div ref={bound}>
        <BoundChoice venueIds={account.venueIds ?? []} organisationId={account.organisationId} />
      </div>
    </DialogForm>
  );
}

/** Asked first: whoever works with it is out at once. */
export function DisableDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const disable = useMutation({
    mutationFn: () => api.changeUser(account.username, { disabled: true }),
    onSuccess: onClose,
  });
  return (
    <DialogForm
      title={t('account.disableOf', { name: account.username })}
      submit={t('account.disable')}
      isBusy={disable.isPending}
      error={disable.error}
      missing={() => undefined}
      onSend={() => disable.mutate()}
      onClose={onClose}
    >
      <p>{t('account.disableWhy')}</p>
    </DialogForm>
  );
}

/** For whoever has lost it: he logs in with the password alone, and what he had open ends. */
export function DropFactorDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const drop = useMutation({ mutationFn: () => api.removeFactorOf(account.username), onSuccess: onClose });
  return (
    <DialogForm
      title={t('factor.dropOf', { name: account.username })}
      submit={t('factor.drop')}
      isBusy={drop.isPending}
      error={drop.error}
      missing={() => undefined}
      onSend={() => drop.mutate()}
      onClose={onClose}
    >
      <p>{t('factor.dropWhy')}</p>
    </DialogForm>
  );
}

export function GivenPasswordDialog({ account, onClose }: Props) {
  const { t } = useTranslation();
  const give = useMutation({ mutationFn: () => api.givePassword(account.username) });
  const name = account.username;
  if (give.data)
    return (
      <ShownOnce
        title={t('account.given', { name })}
        secret={give.data.password}
        notes={[t('account.givenHow')]}
        onClose={onClose}
      />
    );
  return (
    <DialogForm
      title={t('account.giveOf', { name })}
      submit={t('account.give')}
      isBusy={give.isPending}
      error={give.error}
      missing={() => undefined}
      onSend={() => give.mutate()}
      onClose={onClose}
    >
      <p>{t('account.giveWhy')}</p>
    </DialogForm>
  );
}
