import './isolation.css';
import type { Isolation } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { AskDialog } from './ask-dialog.tsx';
import { isolationQueries } from './isolation-api.ts';
import { IsolationCard } from './isolation-card.tsx';

/** 屏蔽与测试: what rings nobody at the moment, what waits for a second person, and what was. */
export function IsolationsPage() {
  const { t } = useTranslation();
  const mayAsk = usePermission('isolation.ask');
  const [isAsking, setAsking] = useState(false);
  const open = useQuery(isolationQueries.open());
  const newest = useQuery(isolationQueries.newest());
  const queryClient = useQueryClient();
  const { isolations } = useLiveView().state;
  // What has begun, ended or been asked for; how much is hidden is asked for by itself.
  const standing = [...isolations.values()].map(({ id, state }) => `${id} ${state}`).join();
  useEffect(() => void queryClient.invalidateQueries({ queryKey: ['isolations'] }), [queryClient, standing]);
  const of = (state: Isolation['state']) => (open.data ?? []).filter((one) => one.state === state);
  const past = (newest.data ?? []).filter(({ state }) => state !== 'asked' && state !== 'active');
  return (
    <div className="page">
      <div className="page-title">
        <h1>{t('isolation.title')}</h1>
        <span className="muted">{t('isolation.intro')}</span>
        {mayAsk ? (
          <button type="button" className="primary end" data-testid="ask-isolation" onClick={() => setAsking(true)}>
            {t('isolation.ask')}
          </button>
        ) : null}
      </div>
      {open.isError ? <ProblemNote error={open.error} onRetry={() => void open.refetch()} /> : null}
      {open.data?.length === 0 ? <p className="panel empty">{t('isolation.none')}</p> : null}
      <IsolationList title={t('isolation.askedList')} isolations={of('asked')} />
      <IsolationList title={t('isolation.activeList')} isolations={of('active')} />
      <IsolationList title={t('isolation.pastList')} isolations={past} />
      {isAsking ? <AskDialog target={{ venueId: '' }} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function IsolationList({ title, isolations }: { readonly title: string; readonly isolations: readonly Isolation[] }) {
  if (isolations.length === 0) return null;
  return (
    <section>
      <h2>
        {title} <span className="muted">{isolations.length}</span>
      </h2>
      <ol className="isolation-list">
        {isolations.map((isolation) => (
          <IsolationCard key={isolation.id} isolation={isolation} />
        ))}
      </ol>
    </section>
  );
}
