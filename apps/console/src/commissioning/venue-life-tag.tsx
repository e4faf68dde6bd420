import { venueLifeOf, type Venue } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';

/** A word beside the name of a venue that is not live; nothing for one that is. */
export function VenueLifeTag({ venue }: { readonly venue: Pick<Venue, 'life'> | undefined }) {
  const { t } = useTranslation();
  const life = venueLifeOf(venue ?? {});
  if (life === 'live') return null;
  return (
    <span className="tag venue-life" title={t('venueLife.notLiveWhy')} data-testid="venue-not-live" data-life={life}>
      {t('venueLife.notLive', { life: t(`venueLife.${life}`) })}
    </span>
  );
}
