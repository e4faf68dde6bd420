import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { nameOf } from '../locale/words.ts';

/** Name and venue of a device, leading to one part of its page; the id until the name is known. For a few, not a list. */
export function DeviceName({ deviceId, tab }: { readonly deviceId: string; readonly tab?: string }) {
  const { i18n } = useTranslation();
  const venues = useVenues();
  const { data } = useQuery({ ...queries.device(deviceId), staleTime: 10 * 60_000 });
  return (
    <>
      <Link to="/devices/$deviceId" params={{ deviceId }} search={tab === undefined ? {} : { tab }}>
        {nameOf(data, i18n.language, deviceId)}
      </Link>
      {data ? <span className="muted"> · {nameOf(venues.get(data.venueId), i18n.language, data.venueId)}</span> : null}
    </>
  );
}
