import '../shell/shell.css';
import '../chart/chart.css';
import './wall.css';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { countAlarms, orderAlarms } from '../alarm/alarm-order.ts';
import { queries } from '../api/queries.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { CentreStateBar } from '../centre-state/centre-state-bar.tsx';
import { IsolationBar } from '../isolation/isolation-bar.tsx';
import { FeedBar } from '../shell/feed-bar.tsx';
import { AlarmLoad } from './alarm-load.tsx';
import { AlarmMatrix } from './alarm-matrix.tsx';
import { AlarmingVenues } from './alarming-venues.tsx';
import { VenueBoard } from './venue-board.tsx';
import { WallCounts } from './wall-counts.tsx';
import { WallQueue } from './wall-queue.tsx';
import { WallTop } from './wall-top.tsx';
import { WallWave } from './wall-wave.tsx';

/** The city on one screen; it reflows with the width and never scales. */
export function WallPage() {
  const { t } = useTranslation();
  const { state, phase, lastFrameAt } = useLiveView();
  const { data: venues, isError } = useQuery(queries.venues());
  const alarms = useMemo(() => orderAlarms(state.alarms.values()), [state.alarms]);
  const counts = useMemo(() => countAlarms(alarms), [alarms]);
  const isKnown = lastFrameAt !== undefined;
  return (
    <div className="wall">
      <WallTop />
      <div>
        <FeedBar />
        <CentreStateBar />
        <IsolationBar isWall />
      </div>
      <main className={`wall-grid${phase === 'disconnected' ? ' is-stale' : ''}`}>
        <aside className="wall-left" aria-label={t('wall.families')}>
          <WallCounts />
          {isKnown ? <AlarmMatrix alarms={alarms} /> : null}
          <AlarmLoad />
        </aside>
        <div className="wall-centre">
          <VenueBoard venues={venues} isLost={isError} alarms={alarms} />
          <WallWave alarms={alarms} />
        </div>
        <aside className="panel wall-right" aria-label={t('wall.queue')}>
          <header>
            <h2>{t('wall.queue')}</h2>
            <span className="muted">{isKnown ? t('desk.counts', counts) : ''}</span>
          </header>
          <WallQueue alarms={alarms} />
        </aside>
        <AlarmingVenues venues={venues} alarms={alarms} />
      </main>
    </div>
  );
}
