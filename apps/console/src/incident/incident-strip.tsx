import './incident.css';
import type { Incident } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { useVenues } from '../alarm/use-place.ts';
import { Stopwatch, useCentreNow } from '../format/age.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import type { Translate } from '../locale/i18n.ts';
import { nameOf } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { dueStep, incidentOrder } from './incident-order.ts';
import { useDisplayed } from './use-displayed.ts';

type StripProps = { readonly openId: string | undefined; readonly onOpen: (alarmId: string) => void };

/** The one queue of incidents of all seats, in a line that is always as high: the list below it never moves for it. */
export function IncidentStrip({ openId, onOpen }: StripProps) {
  const { t } = useTranslation();
  const { state, phase } = useLiveView();
  const username = useSession()?.username;
  const incidents = incidentOrder(state.incidents.values(), username);
  const unownedCount = incidents.filter(({ owner }) => owner === undefined).length;
  return (
    <section
      className={`incident-strip${unownedCount > 0 ? ' unowned' : ''}`}
      aria-label={t('incident.title')}
      data-testid="incident-strip"
    >
      <b className="incident-strip-head">
        {t('incident.title')} {incidents.length}
        {unownedCount > 0 ? (
          <span className="tag late" role="alert">
            {t('incident.unownedCount', { n: unownedCount })}
          </span>
        ) : null}
      </b>
      {incidents.length === 0 ? (
        <span className="muted">{phase === 'live' ? t('incident.none') : '–'}</span>
      ) : (
        <ul>
          {incidents.map((incident) => (
            <StripItem
              key={incident.id}
              incident={incident}
              username={username}
              isOpen={incident.alarms.some(({ alarmId }) => alarmId === openId)}
              onOpen={onOpen}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

type ItemProps = {
  readonly incident: Incident;
  readonly username: string | undefined;
  readonly isOpen: boolean;
  readonly onOpen: (alarmId: string) => void;
};

function StripItem({ incident, username, isOpen, onOpen }: ItemProps) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const now = useCentreNow(1_000);
  const element = useDisplayed<HTMLLIElement>(incident);
  const { number, owner, venueId, openedAt, alarms, alarmCount, origin } = incident;
  const [first] = alarms;
  const due = dueStep(incident);
  const isLate = due !== undefined && now > due.dueAt;
  const standing = owner === undefined ? 'unowned' : owner === username ? 'mine' : 'others';
  if (first === undefined) return null;
  return (
    <li ref={element} className={`${standing}${isLate ? ' late' : ''}`}>
      <button type="button" aria-pressed={isOpen} onClick={() => onOpen(first.alarmId)} data-incident={incident.id}>
        <PriorityShape alarm={{ priority: first.priority, origin }} />
        <span>#{number}</span>
        <b>{nameOf(venues.get(venueId), i18n.language, venueId)}</b>
        {alarmCount > 1 ? <span>×{alarmCount}</span> : null}
        <OriginTag origin={origin} />
        <Stopwatch since={openedAt} />
        <span className="incident-owner">{ownerWords(t, owner, username)}</span>
      </button>
    </li>
  );
}

function ownerWords(t: Translate, owner: string | undefined, username: string | undefined): string {
  if (owner === undefined) return t('incident.nobody');
  return owner === username ? t('incident.me') : owner;
}
