import './incident.css';
import type { Incident } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { Stopwatch, useCentreNow } from '../format/age.tsx';
import { formatInstant } from '../format/instant.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { nameOf } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { dueStep, incidentOrder } from './incident-order.ts';
import { Owner } from './incident-panel.tsx';
import { OpenIncidentDialog } from './open-incident-dialog.tsx';
import { deskPackPath, incidentQueries } from './incident-resources.ts';
import { procedureStepName } from './incident-words.ts';
import { useDisplayed } from './use-displayed.ts';

/** Every incident of the scope: those nobody has first, and those that are over. */
export function IncidentsPage() {
  const { t, i18n } = useTranslation();
  const mayHandle = usePermission('incident.handle');
  const { state, phase } = useLiveView();
  const username = useSession()?.username;
  const [isOpening, setIsOpening] = useState(false);
  const open = incidentOrder(state.incidents.values(), username);
  const closed = useQuery({ ...incidentQueries.closed(), refetchInterval: 30_000 });
  return (
    <div className="page incident-page">
      <div className="page-title">
        <h1>{t('incident.title')}</h1>
        <span className="muted">{t('incident.intro')}</span>
        {mayHandle ? (
          <button type="button" className="end" data-testid="open-incident" onClick={() => setIsOpening(true)}>
            {t('incident.openByHand')}
          </button>
        ) : null}
        {mayHandle ? (
          <a
            className="button"
            href={deskPackPath(i18n.language)}
            download={`${t('incident.deskPack')}.pdf`}
            title={t('incident.deskPackWhy')}
            data-testid="desk-pack"
          >
            {t('incident.deskPack')}
          </a>
        ) : null}
      </div>
      <section className="panel">
        <header>
          <h2>
            {t('incident.openList')} <span className="muted">{open.length}</span>
          </h2>
        </header>
        {open.length === 0 ? (
          <p className="empty" data-testid="no-incidents">
            {phase === 'loading' ? `${t('feed.loading')}…` : t('incident.none')}
          </p>
        ) : (
          <ul className="incident-list">
            {open.map((incident) => (
              <OpenRow key={incident.id} incident={incident} />
            ))}
          </ul>
        )}
      </section>
      <section className="panel">
        <header>
          <h2>{t('incident.closedList')}</h2>
        </header>
        {closed.isError ? <ProblemNote error={closed.error} onRetry={() => void closed.refetch()} /> : null}
        {closed.data?.length === 0 ? <p className="empty">{t('incident.noneClosed')}</p> : null}
        <ul className="incident-list">
          {(closed.data ?? []).map((incident) => (
            <ClosedRow key={incident.id} incident={incident} />
          ))}
        </ul>
      </section>
      {isOpening ? <OpenIncidentDialog onClose={() => setIsOpening(false)} /> : null}
    </div>
  );
}

function OpenRow({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const now = useCentreNow(1_000);
  const element = useDisplayed<HTMLLIElement>(incident);
  const due = dueStep(incident);
  const isLate = due !== undefined && now > due.dueAt;
  return (
    <li ref={element} className={isLate ? 'late-row' : undefined}>
      <Title incident={incident} />
      <Stopwatch since={incident.openedAt} />
      <span>{t(`incident.state.${incident.state}`)}</span>
      <Owner incident={incident} />
      <span className={isLate ? 'late' : 'muted'}>
        {due === undefined
          ? ''
          : t(isLate ? 'incident.stepLate' : 'incident.stepDue', { what: procedureStepName(t, due.step) })}
      </span>
    </li>
  );
}

function ClosedRow({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const { cause, verdict, closedBy, closedAt } = incident;
  return (
    <li>
      <Title incident={incident} />
      <span>{closedAt === undefined ? '' : formatInstant(closedAt)}</span>
      <span>{verdict === undefined ? '' : t(`incident.verdict.${verdict.word}`)}</span>
      <span>{cause === undefined ? '' : t(`incident.cause.${cause}`)}</span>
      <span className="muted">{closedBy}</span>
    </li>
  );
}

function Title({ incident }: { readonly incident: Incident }) {
  const { i18n } = useTranslation();
  const venues = useVenues();
  const { id, number, venueId, alarms, alarmCount, origin } = incident;
  const [first] = alarms;
  return (
    <span className="incident-title">
      {first === undefined ? null : <PriorityShape alarm={{ priority: first.priority, origin }} />}
      <Link to="/incidents/$incidentId" params={{ incidentId: id }}>
        #{number} {nameOf(venues.get(venueId), i18n.language, venueId)}
      </Link>
      {alarmCount > 1 ? <span className="muted">×{alarmCount}</span> : null}
      <OriginTag origin={origin} />
    </span>
  );
}
