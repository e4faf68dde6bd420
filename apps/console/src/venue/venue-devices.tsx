import type { Alarm, Device } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { ProblemNote } from '../api/problem-note.tsx';
import { DataAge } from '../format/age.tsx';
import { toEpochMs } from '../format/instant.ts';
import type { LiveState } from '../live/live-state.ts';
import { familyName, nameOf } from '../locale/words.ts';

export type VenueDevicesProps = {
  readonly devices: readonly Device[] | undefined;
  readonly error: unknown;
  readonly presence: LiveState['presence'] | undefined;
  /** Newest value of each device, epoch ms. */
  readonly newestAt: ReadonlyMap<string, number>;
  /** Open alarms of the venue, the most urgent first. */
  readonly alarms: readonly Alarm[];
};

/** The devices of a venue: family, presence, age of the last report, and the shape of the worst alarm. */
export function VenueDevices({ devices, error, presence, newestAt, alarms }: VenueDevicesProps) {
  const { t, i18n } = useTranslation();
  return (
    <section className="panel" aria-labelledby="venue-devices">
      <header>
        <h2 id="venue-devices">{t('venue.devices')}</h2>
        <span className="muted">{devices?.length}</span>
      </header>
      {!devices && error ? <ProblemNote error={error} /> : null}
      {devices?.length === 0 ? <p className="empty">{t('venue.noDevices')}</p> : null}
      <ul className="venue-devices">
        {(devices ?? []).map((device) => {
          const isOnline = presence?.get(device.id)?.online ?? device.online;
          const lastAt = newestAt.get(device.id) ?? toEpochMs(device.lastReportAt);
          const worst = alarms.find(({ deviceId }) => deviceId === device.id);
          return (
            <li key={device.id}>
              {worst ? (
                <PriorityShape alarm={worst} />
              ) : (
                <span className={`dot${isOnline ? '' : ' offline'}`} aria-hidden="true" />
              )}
              <Link to="/devices/$deviceId" params={{ deviceId: device.id }}>
                {nameOf(device, i18n.language, device.id)}
              </Link>
              <span className="muted">
                {familyName(t, device.family)}
                {((i18n.language === 'en' ? device.areaEn : undefined) ?? device.area)
                  ? ` · ${(i18n.language === 'en' ? device.areaEn : undefined) ?? device.area}`
                  : ''}
              </span>
              <span className={isOnline ? 'muted' : 'offline-words'}>
                {isOnline ? (
                  lastAt === undefined ? (
                    t('device.neverReported')
                  ) : (
                    <DataAge at={lastAt} />
                  )
                ) : (
                  t('device.offline')
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
