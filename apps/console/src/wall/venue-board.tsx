import type { Alarm, Venue } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isExercise } from '../alarm/alarm-order.ts';
import { standingOf } from '../alarm/alarm-standing.ts';
import { colourClass, PriorityShape } from '../alarm/priority-pill.tsx';
import { VenueLifeTag } from '../commissioning/venue-life-tag.tsx';
import { kindName, nameOf } from '../locale/words.ts';
import { alarmsByVenue } from '../venue/alarms-by-venue.ts';
import { fitTiles } from './fit-tiles.ts';
import { useSize } from '../chart/use-size.ts';

/** Least width and height of a tile with its gap; wall.css has the same. */
const tileWidth = 174;
const tileHeight = 58;

export type VenueBoardProps = {
  /** Undefined while they are not known. */
  readonly venues: readonly Venue[] | undefined;
  /** They were asked for and did not come. */
  readonly isLost: boolean;
  readonly alarms: readonly Alarm[];
};

const noVenues: readonly Venue[] = [];

/** Every venue as a tile in its lasting place; grey unless something is wrong there. */
export function VenueBoard({ venues: known, isLost, alarms }: VenueBoardProps) {
  const venues = known ?? noVenues;
  const { t, i18n } = useTranslation();
  const room = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(room);
  const capacity = Math.floor((width + 6) / tileWidth) * Math.floor((height + 6) / tileHeight);
  const byVenue = useMemo(() => alarmsByVenue(alarms), [alarms]);
  const { tiles, restCount } = useMemo(() => fitTiles(venues, byVenue, capacity), [venues, byVenue, capacity]);
  return (
    <section className="panel wall-venues" aria-labelledby="venues-title">
      <header>
        <h2 id="venues-title">{t('wall.venues')}</h2>
        <span className="muted">{known ? t('wall.venueCount', { n: known.length }) : ''}</span>
      </header>
      <div ref={room} className="tile-room">
        {known?.length === 0 ? <p className="empty">{t('venue.none')}</p> : null}
        {known ? null : <p className="empty">{t(isLost ? 'wall.venuesUnknown' : 'desk.loading')}</p>}
        <ul className="tiles">
          {tiles.map(({ venue, worst, alarmCount }) => (
            <li
              key={venue.id}
              className={worst ? `tile ${standingOf(worst.state)} ${colourClass(worst)}` : 'tile'}
              data-testid="venue-tile"
              data-alarms={alarmCount}
            >
              <Link to="/venues/$venueId" params={{ venueId: venue.id }}>
                <span className="tile-name">{nameOf(venue, i18n.language, venue.id)}</span>
                <span className="muted">
                  {worst ? (
                    <>
                      <PriorityShape alarm={worst} />{' '}
                      {isExercise(worst.origin) ? t(`origin.${worst.origin}`) : worst.priority}{' '}
                      {kindName(t, worst.kind)}
                      {alarmCount > 1 ? ` × ${alarmCount}` : ''}
                    </>
                  ) : (
                    <>
                      {t(`venueClass.${venue.class}`)} <VenueLifeTag venue={venue} />
                    </>
                  )}
                </span>
              </Link>
            </li>
          ))}
          {restCount > 0 ? <li className="tile rest muted">+ {t('wall.venueCount', { n: restCount })}</li> : null}
        </ul>
      </div>
    </section>
  );
}
