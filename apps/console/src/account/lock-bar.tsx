import './lock.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { useAskPerson } from './person-gate.tsx';
import { useIsSeatLocked } from './seat-lock.ts';
import { useSession } from './use-session.ts';

/** On every page of a locked seat. Alarms stay readable under it. */
export function LockBar() {
  const { t } = useTranslation();
  const session = useSession();
  const ask = useAskPerson();
  return useIsSeatLocked() ? (
    <p className="lock-bar" role="alert" data-testid="lock-bar">
      <b>{t('lock.bar', { name: session?.username ?? '' })}</b> {t('lock.barWhy')}
      <button type="button" className="primary" onClick={() => void ask('unlock')}>
        {t('person.unlock')}
      </button>
    </p>
  ) : null;
}

/** In place of a page that is no business of whoever passes by. */
export function LockCover() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <p className="lock-cover" data-testid="lock-cover">
        {t('lock.cover')}
      </p>
    </div>
  );
}

/** Whoever leaves his seat. Nobody can unlock what came by a link: it has no password. */
export function LockButton() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const session = useSession();
  const isLocked = useIsSeatLocked();
  const lock = useMutation({
    mutationFn: api.lockLogIn,
    onSuccess: (answer) => queryClient.setQueryData(queries.session().queryKey, answer),
  });
  if (session?.secondFactor === undefined || session.role === 'display' || isLocked) return null;
  return (
    <button type="button" className="plain" disabled={lock.isPending} onClick={() => lock.mutate()} data-testid="lock">
      {t('lock.now')}
    </button>
  );
}
