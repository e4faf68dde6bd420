import type { Isolation } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { problemWords } from '../api/problem-words.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { formatNear } from '../format/instant.ts';
import { nameOf } from '../locale/words.ts';
import { isolationApi } from './isolation-api.ts';

/** One isolation: what it keeps silent, who wanted it, how long it goes on, and the two acts on it. */
export function IsolationCard({ isolation }: { readonly isolation: Isolation }) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const now = useCentreNow(1_000);
  const { venueId, areaId, deviceId, kind, state, fireWatch } = isolation;
  const isOpen = state === 'asked' || state === 'active';
  const leftMs = Math.max(0, Date.parse(isolation.until) - now);
  return (
    <li
      className={`panel isolation ${state}`}
      data-testid="isolation"
      data-state={state}
      data-ending-soon={isolation.isEndingSoon && state === 'active'}
    >
      <header>
        <b>{t(`isolation.kind.${kind}`)}</b>
        <span className="isolation-state">{t(`isolation.state.${state}`)}</span>
        {isOpen ? (
          <span className="end left">{t('isolation.left', { time: formatDataAge(leftMs) })}</span>
        ) : (
          <time className="end muted" dateTime={isolation.endedAt ?? isolation.until}>
            {formatNear(isolation.endedAt ?? isolation.until, now)}
          </time>
        )}
      </header>
      <p>
        {nameOf(venues.get(venueId), i18n.language, venueId)}
        <span className="muted"> · {deviceId ?? areaId ?? t('isolation.wholeVenue')}</span>
      </p>
      <p>{isolation.reason}</p>
      <p className="muted">
        {t('isolation.reach', { n: isolation.detectorCount, lives: isolation.lifeSafetyCount })}
        {isolation.categories === undefined
          ? null
          : ` · ${isolation.categories.map((category) => t(`category.${category}`)).join('、')}`}
      </p>
      {isolation.suppressedCount > 0 ? (
        <p className={isolation.suppressedFireCount > 0 ? 'isolation-fire' : ''} data-testid="suppressed">
          {t(kind === 'isolated' ? 'isolation.suppressed' : 'isolation.marked', {
            n: isolation.suppressedCount,
            fire: isolation.suppressedFireCount,
          })}
        </p>
      ) : null}
      {isolation.fireShownAt === undefined ? null : <p className="isolation-fire">{t('isolation.fireShown')}</p>}
      <p className="muted">
        {t('isolation.askedBy', { who: isolation.askedBy, at: formatNear(isolation.askedAt, now) })}
        {isolation.approvedBy === undefined ? null : ` · ${t('isolation.approvedBy', { who: isolation.approvedBy })}`}
        {isolation.endedBy === undefined ? null : ` · ${t('isolation.endedBy', { who: isolation.endedBy })}`}
      </p>
      {fireWatch === undefined ? null : (
        <p>
          {t('isolation.fireWatchIs', { name: fireWatch.name })} {fireWatch.phone ?? ''}
        </p>
      )}
      {isOpen ? <IsolationActs isolation={isolation} /> : null}
    </li>
  );
}

function IsolationActs({ isolation }: { readonly isolation: Isolation }) {
  const { t } = useTranslation();
  const session = useSession();
  const mayApprove = usePermission('isolation.approve');
  const mayEnd = usePermission('isolation.ask');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (work: 'approve' | 'end') => isolationApi[work](isolation.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['isolations'] }),
  });
  const isAsked = isolation.state === 'asked';
  const isOwn = session?.username === isolation.askedBy;
  return (
    <>
      {isAsked ? <p className="warn-words">{t(isOwn ? 'isolation.waitsForAnother' : 'isolation.waits')}</p> : null}
      <div className="actions">
        {isAsked && mayApprove && !isOwn ? (
          <button type="button" className="primary" disabled={act.isPending} onClick={() => act.mutate('approve')}>
            {t('isolation.approve')}
          </button>
        ) : null}
        {mayEnd ? (
          <button type="button" disabled={act.isPending} onClick={() => act.mutate('end')}>
            {t(isAsked ? 'isolation.withdraw' : 'isolation.end')}
          </button>
        ) : null}
      </div>
      {act.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, act.error)}
        </p>
      ) : null}
    </>
  );
}
