import type { Alarm, Venue } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { nameOf } from '../locale/words.ts';
import { bearerOf, type Bearer } from './bearer.ts';

/** Venues by id; empty until they are known. */
export function useVenues(): ReadonlyMap<string, Venue> {
  const { data } = useQuery(queries.venues());
  return useMemo(() => new Map((data ?? []).map((venue) => [venue.id, venue])), [data]);
}

export type Place = {
  readonly venue: string;
  /** Where in the venue, and the device: the second line of a row. */
  readonly spot: string;
  readonly device: string;
  /** Undefined until the names are known. */
  readonly venueRecord: Venue | undefined;
};

/** Names of the place of an alarm in the language of the screen; ids until the names are known. */
export function usePlace({ venueId, deviceId }: Pick<Alarm, 'venueId' | 'deviceId'>): Place {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const bearer = bearerOf({ venueId, deviceId });
  const { data: device } = useQuery({
    ...queries.device(deviceId),
    staleTime: 10 * 60_000,
    enabled: bearer === undefined,
  });
  const language = i18n.language;
  const deviceName = bearer === undefined ? nameOf(device, language, deviceId) : bearerName(t, bearer);
  const area = (language === 'en' ? device?.areaEn : undefined) ?? device?.area;
  return {
    venue: venueId === '' ? t('bearer.centre') : nameOf(venues.get(venueId), language, venueId),
    // A device that carries the name of its area needs it only once.
    spot: area === undefined || deviceName.includes(area) ? deviceName : `${area} · ${deviceName}`,
    device: deviceName,
    venueRecord: venues.get(venueId),
  };
}

const bearerName = (t: TFunction, bearer: Bearer): string =>
  bearer.kind === 'centre' ? t('bearer.centre') : `${t(`bearer.${bearer.kind}`)} ${bearer.id}`;
