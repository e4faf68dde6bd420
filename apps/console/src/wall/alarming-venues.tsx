import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PriorityShape } from '../alarm/priority-pill.tsx';
import { useUnknownWords } from '../alarm/use-unknown-words.ts';
import { useSize } from '../chart/use-size.ts';
import { kindName, nameOf } from '../locale/words.ts';
import { alarmsByVenue } from '../venue/alarms-by-venue.ts';
import { fitBoard, namedAlarms } from './fit-board.ts';
import type { VenueBoardProps } from './venue-board.tsx';

/** The extra column of a very wide wall: venues with alarms, each with what is wrong. */
export function AlarmingVenues({ venues = [], alarms }: Pick<VenueBoardProps, 'venues' | 'alarms'>) {
  const { t, i18n } = useTranslation();
  const unknown = useUnknownWords();
  const room = useRef<HTMLDivElement>(null);
  const { height } = useSize(room);
  const names = new Map(venues.map((venue) => [venue.id, venue]));
  const { shown, restCount } = fitBoard([...alarmsByVenue(alarms)], height);
  return (
    <section className="panel wall-extra" aria-labelledby="extra-title">
      <header>
        <h2 id="extra-title">{t('wall.board')}</h2>
      </header>
      <div ref={room} className="extra-room">
        {alarms.length === 0 ? <p className="empty">{unknown ?? t('wall.boardNone')}</p> : null}
        <ul className="extra-list">
          {shown.map(([venueId, list]) => (
            <li key={venueId}>
              <b>{nameOf(names.get(venueId), i18n.language, venueId)}</b>
              {list.slice(0, namedAlarms).map((alarm) => (
                <span key={alarm.id} className="muted">
                  <PriorityShape alarm={alarm} /> {alarm.priority} {kindName(t, alarm.kind)}
                </span>
              ))}
              {list.length > namedAlarms ? (
                <span className="muted">{t('wall.moreRows', { n: list.length - namedAlarms })}</span>
              ) : null}
            </li>
          ))}
        </ul>
        {restCount > 0 ? <p className="wall-more">+ {t('wall.venueCount', { n: restCount })}</p> : null}
      </div>
    </section>
  );
}
