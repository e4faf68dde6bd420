import './incident.css';
import type { Incident } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { useVenues } from '../alarm/use-place.ts';
import { CallOutPanel } from '../call-out/call-out-panel.tsx';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { kindName, nameOf } from '../locale/words.ts';
import { ContactPanel } from '../registry/contact-panel.tsx';
import { OriginTag } from '../shell/origin-mark.tsx';
import { IncidentActs } from './incident-acts.tsx';
import { IncidentFiles } from './incident-files.tsx';
import { Owner } from './incident-panel.tsx';
import { evidencePath, incidentQueries } from './incident-resources.ts';
import { IncidentTimeline } from './incident-timeline.tsx';
import { ProcedureSteps } from './procedure-steps.tsx';
import { ReportLine } from './report-line.tsx';

/** One incident: how the procedure stands, what to do, its alarms, and everything that happened. */
export function IncidentPage() {
  const { t } = useTranslation();
  const { incidentId = '' } = useParams({ strict: false });
  const queryClient = useQueryClient();
  const { queryKey, ...question } = incidentQueries.incident(incidentId);
  const asked = useQuery({ ...question, queryKey, refetchInterval: 15_000 });
  const told = useLiveView().state.incidents.get(incidentId);
  useEffect(() => {
    if (told !== undefined) queryClient.setQueryData(queryKey, told);
    // Gone from the feed: closed, by whomever.
    else void queryClient.invalidateQueries({ queryKey });
  }, [told, queryClient, incidentId]);
  if (asked.isError && asked.data === undefined)
    return (
      <div className="page">
        {isProblem(asked.error, 404) ? (
          <p className="panel empty">{t('incident.notFound')}</p>
        ) : (
          <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} />
        )}
      </div>
    );
  if (asked.data === undefined) return <p className="empty">{t('feed.loading')}…</p>;
  return <IncidentDetail incident={asked.data} />;
}

function IncidentDetail({ incident }: { readonly incident: Incident }) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const mayHandle = usePermission('incident.handle');
  const mayPack = usePermission('contact.read') && mayHandle;
  const { openedBy, openedNote, happenedAt } = incident;
  const { number, state, venueId, origin, alarms, alarmCount, verdict, cause, closedAt, closedBy, openedAt } = incident;
  const [first] = alarms;
  return (
    <div className="page incident-page" data-testid="incident" data-state={state}>
      <div className="incident-head">
        <Link to="/incidents" className="muted">
          ‹ {t('incident.all')}
        </Link>
        <h1>
          {first === undefined ? null : <PriorityShape alarm={{ priority: first.priority, origin }} />}{' '}
          {t('incident.number', { n: number })} ·{' '}
          <Link to="/venues/$venueId" params={{ venueId }}>
            {nameOf(venues.get(venueId), i18n.language, venueId)}
          </Link>{' '}
          <OriginTag origin={origin} />
        </h1>
        <span className="muted">{formatInstant(openedAt)}</span>
        {mayPack ? (
          <a
            className="button end"
            href={evidencePath(incident.id)}
            download={`incident-${number}.tar`}
            title={t('incident.evidenceWhy')}
            data-testid="evidence"
          >
            {t('incident.evidence')}
          </a>
        ) : null}
      </div>
      <section className={`panel incident-panel ${state}`}>
        <header>
          <h2 data-testid="incident-state">{t(`incident.state.${state}`)}</h2>
          {state === 'closed' ? null : <Owner incident={incident} />}
        </header>
        {openedBy === undefined ? null : <p>{t('incident.openedFor', { who: openedBy, note: openedNote ?? '' })}</p>}
        {happenedAt === undefined ? null : (
          <p data-testid="typed-late">{t('incident.typedLateAt', { time: formatInstant(happenedAt) })}</p>
        )}
        {verdict === undefined ? null : (
          <p>
            {t('incident.found', {
              what: t(`incident.verdict.${verdict.word}`),
              how: t(`incident.means.${verdict.means}`),
              who: verdict.by,
              time: formatInstant(verdict.at),
            })}
          </p>
        )}
        {cause === undefined ? null : (
          <p>
            {t('incident.closedAs', {
              what: t(`incident.cause.${cause}`),
              who: closedBy ?? '–',
              time: closedAt === undefined ? '–' : formatInstant(closedAt),
            })}
          </p>
        )}
        <ProcedureSteps incident={incident} />
        <ReportLine incident={incident} />
        <IncidentActs incident={incident} />
      </section>
      <div className="incident-columns">
        <div className="page-part">
          <section className="panel">
            <header>
              <h2>
                {t('incident.alarms')} <span className="muted">{alarmCount}</span>
              </h2>
            </header>
            <ul className="incident-alarms">
              {alarms.map((alarm) => (
                <li key={alarm.alarmId}>
                  <PriorityShape alarm={{ priority: alarm.priority, origin }} />
                  <Link to="/desk" search={{ sel: alarm.alarmId }}>
                    {kindName(t, alarm.kind)}
                  </Link>
                  <span className="muted">{alarm.deviceId}</span>
                  <span>{formatInstant(alarm.raisedAt)}</span>
                  <span className="muted">
                    {alarm.endedAt === undefined ? '' : t('incident.endedAt', { time: formatInstant(alarm.endedAt) })}
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <IncidentFiles incident={incident} />
          <CallOutPanel incident={incident} />
          <ContactPanel venueId={venueId} />
        </div>
        <IncidentTimeline incident={incident} />
      </div>
    </div>
  );
}
