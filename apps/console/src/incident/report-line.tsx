import type { Incident } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { reportStanding } from './report-standing.ts';

/** How the message to the fire-command side stands; nothing before there is one. */
export function ReportLine({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const { report } = incident;
  const standing = reportStanding(incident);
  if (report === undefined || standing === undefined) return null;
  const what = t(`incident.message.${report.kind}`);
  const words = t(`incident.report.${standing}`, {
    what,
    receipt: report.receipt ?? '–',
    time: report.deliveredAt === undefined ? '–' : formatInstant(report.deliveredAt),
    n: report.failedCount,
  });
  const isUrgent = standing === 'failing' || standing === 'noChannel';
  return (
    <p className={isUrgent ? 'problem' : undefined} data-testid="incident-report" data-standing={standing}>
      {isUrgent ? '! ' : standing === 'delivered' ? '✓ ' : ''}
      {words}
    </p>
  );
}
