import './incident.css';
import type { Alarm, Incident } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { IncidentActs } from './incident-acts.tsx';
import { incidentOf } from './incident-order.ts';
import { ProcedureSteps } from './procedure-steps.tsx';
import { ReportLine } from './report-line.tsx';

/** What people do about the alarm that is open: who has it, how the procedure stands, and the next act. */
export function IncidentPanel({ alarm, stepRequest }: { readonly alarm: Alarm; readonly stepRequest: number }) {
  const { state } = useLiveView();
  const incident = incidentOf(state.incidents.values(), alarm);
  return incident === undefined ? null : <PanelOf key={incident.id} incident={incident} stepRequest={stepRequest} />;
}

function PanelOf({ incident, stepRequest }: { readonly incident: Incident; readonly stepRequest: number }) {
  const { t } = useTranslation();
  return (
    <section className={`incident-panel ${incident.state}`} data-testid="incident-panel" data-state={incident.state}>
      <header>
        <h3>
          <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }}>
            {t('incident.number', { n: incident.number })}
          </Link>{' '}
          · {t(`incident.state.${incident.state}`)}
        </h3>
        <Owner incident={incident} />
      </header>
      <ProcedureSteps incident={incident} />
      <ReportLine incident={incident} />
      <IncidentActs incident={incident} stepRequest={stepRequest} />
    </section>
  );
}

/** Who has it, and to whom it is offered. */
export function Owner({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const username = useSession()?.username;
  const { owner, offeredTo } = incident;
  return (
    <span className={owner === undefined ? 'late' : undefined} data-testid="incident-owner">
      {owner === undefined
        ? t('incident.nobodyYet')
        : t('incident.ownedBy', { who: owner === username ? t('incident.me') : owner })}
      {offeredTo === undefined
        ? null
        : ` · ${offeredTo === username ? t('incident.offeredToMe') : t('incident.offeredTo', { who: offeredTo })}`}
    </span>
  );
}
