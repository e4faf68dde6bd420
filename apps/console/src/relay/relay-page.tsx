import './relay.css';
import type { GbRelay } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { relayQueries } from './relay-api.ts';
import { RelayCard } from './relay-card.tsx';
import { RelayForm } from './relay-form.tsx';

/** Other centres that frames are passed on to: who speaks to the devices, and what is owed. */
export function RelayPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayManage = usePermission('foreign.manage');
  const relays = useQuery({ ...relayQueries.relays(), enabled: mayManage });
  const [open, setOpen] = useState<{ readonly relay?: GbRelay }>();
  if (session && !mayManage)
    return <p className="page">{t('relay.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  return (
    <div className="page relay-page">
      <div className="page-title">
        <h1>{t('relay.title')}</h1>
        <span className="muted">{t('relay.intro')}</span>
        <button type="button" className="end" onClick={() => setOpen({})} data-testid="new-relay">
          {t('relay.create')}
        </button>
      </div>
      {relays.isError ? <ProblemNote error={relays.error} onRetry={() => void relays.refetch()} /> : null}
      {relays.data?.length === 0 ? <p className="panel empty">{t('relay.none')}</p> : null}
      {(relays.data ?? []).map((relay) => (
        <RelayCard key={relay.id} relay={relay} onEdit={() => setOpen({ relay })} />
      ))}
      {open ? <RelayForm {...open} onClose={() => setOpen(undefined)} /> : null}
    </div>
  );
}
