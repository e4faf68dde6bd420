import type { CallSheet as Sheet, Incident } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { kindName, nameOf } from '../locale/words.ts';
import { incidentQueries } from './incident-resources.ts';

/** What is read out to 119, in the order they ask; what nobody has registered is said to be so. */
export function CallSheet({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const maySee = usePermission('incident.handle');
  const asked = useQuery({ ...incidentQueries.callSheet(incident.id), enabled: maySee });
  if (!maySee) return null;
  if (asked.isError) return <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} />;
  return asked.data === undefined ? <p className="muted">{t('feed.loading')}…</p> : <SheetOf sheet={asked.data} />;
}

function SheetOf({ sheet }: { readonly sheet: Sheet }) {
  const { t, i18n } = useTranslation();
  const { venue, alarms, alarmCount, contacts } = sheet;
  const isEnglish = i18n.language === 'en';
  const address = (isEnglish ? venue.addressEn : undefined) ?? venue.address;
  const alarmWords = alarms.map(({ place, kind }) => [place, kindName(t, kind)].filter(Boolean).join(' '));
  const rows: readonly (readonly [name: string, value: ReactNode])[] = [
    [t('venue.address'), address],
    [t('incident.sheet.venue'), nameOf(venue, i18n.language, venue.id)],
    [t('venue.class'), venue.class === undefined ? undefined : t(`venueClass.${venue.class}`)],
    [t('incident.sheet.burns'), [...new Set(alarmWords)].slice(0, 5).join('；')],
    [t('incident.alarms'), alarmCount],
    [t('venue.storeys'), venue.storeys],
    [t('venue.people'), venue.people],
    [t('venue.gas'), venue.gas === undefined ? undefined : t(`venue.gasIs.${venue.gas}`)],
    [t('venue.access'), venue.access],
    [
      t('incident.sheet.contact'),
      contacts
        .slice(0, 3)
        .map(({ name, role, phone }) => `${name}（${t(`contact.role.${role}`)}）${phone}`)
        .join('；'),
    ],
  ];
  return (
    <dl className="call-sheet" data-testid="call-sheet">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          {value === undefined || value === '' ? (
            <dd className="muted">{t('venue.notRegistered')}</dd>
          ) : (
            <dd>{value}</dd>
          )}
        </div>
      ))}
    </dl>
  );
}
