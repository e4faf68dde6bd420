import type { Alarm, Device, Venue } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { DataAge } from '../format/age.tsx';
import { toEpochMs } from '../format/instant.ts';
import type { LivePresence } from '../live/live-state.ts';
import { familyName, kindName, nameOf } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { presenceOf } from './device-presence.ts';

export const deviceColumns = ['presence', 'device', 'place', 'family', 'life', 'report', 'marks'] as const;

export type DeviceRowProps = {
  readonly index: number;
  readonly top: number;
  readonly height: number;
  /** Undefined while it is on its way. */
  readonly device: Device | undefined;
  readonly venue: Venue | undefined;
  readonly presence: LivePresence | undefined;
  /** Open ones, the most urgent first. */
  readonly alarms: readonly Alarm[] | undefined;
};

/** One device of the list: presence, place, family, life, age of its last report, and what is wrong with it. */
export function DeviceRow({ index, top, height, device, venue, presence, alarms = [] }: DeviceRowProps) {
  const { t, i18n } = useTranslation();
  const position = { transform: `translateY(${top}px)`, height };
  if (!device)
    return (
      <div role="row" aria-rowindex={index + 2} className="device-row" style={position}>
        <span role="gridcell" className="muted">
          {t('feed.loading')}…
        </span>
      </div>
    );
  const { id, venueId, area, areaEn, life } = device;
  const standing = presenceOf(device, presence?.online);
  const reportedAt = toEpochMs(device.lastReportAt);
  const [worst] = alarms;
  const place = (i18n.language === 'en' ? areaEn : undefined) ?? area;
  const isTestWanted = device.origin === 'live' && life !== 'retired';
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`device-row${life === 'retired' ? ' retired' : ''}`}
      style={position}
      data-testid="device-row"
      data-device-id={id}
      data-presence={standing}
    >
      <span role="gridcell" className={`presence-cell ${standing}`}>
        {t(`field.presence.${standing}`)}
      </span>
      <span role="gridcell" className="name-cell">
        <Link to="/devices/$deviceId" params={{ deviceId: id }}>
          {nameOf(device, i18n.language, id)}
        </Link>
        {device.name === undefined ? null : <span className="muted mono">{id}</span>}
        <OriginTag origin={device.origin} />
      </span>
      <span role="gridcell" className="place-cell">
        {nameOf(venue, i18n.language, venueId)}
        {place ? <span className="muted"> · {place}</span> : null}
      </span>
      <span role="gridcell">{familyName(t, device.family)}</span>
      <span role="gridcell" className={life === 'active' ? 'muted' : ''}>
        {t(`life.state.${life}`)}
      </span>
      <span role="gridcell" className="report-cell muted">
        {reportedAt === undefined ? '–' : <DataAge at={reportedAt} />}
      </span>
      <span role="gridcell" className="marks-cell">
        {worst ? (
          <span className="alarm-mark">
            <PriorityShape alarm={worst} /> {kindName(t, worst.kind)}
            {alarms.length > 1 ? ` +${alarms.length - 1}` : ''}
          </span>
        ) : null}
        {device.identitySuspect ? <span className="tag warn">{t('field.mark.identitySuspect')}</span> : null}
        {device.revokedAt ? <span className="tag warn">{t('field.mark.revoked')}</span> : null}
        {device.clockSuspect ? <span className="tag">{t('field.mark.clockSuspect')}</span> : null}
        {isTestWanted && device.testFailedAt ? <span className="tag warn">{t('field.mark.testFailed')}</span> : null}
        {isTestWanted && !device.testedAt && !device.testFailedAt ? (
          <span className="tag">{t('field.mark.neverTested')}</span>
        ) : null}
      </span>
    </div>
  );
}
