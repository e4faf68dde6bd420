import type { CaptureSamples } from '@fengsui/protocol';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mark } from '../evidence/arc-marks.ts';
import { formatNumber, unitSymbol } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import { captureCsv } from './capture-csv.ts';
import { captureRecordOf, frameToMs } from './capture-record.ts';
import { timeBetween } from './channel-measures.ts';
import { cursorAfterKey, cursorsOfSearch, type CursorName } from './cursor.ts';
import { channelHarmonics, cycleTrajectory, cycleUnder } from './cycle-analysis.ts';
import { mainCurrent } from './main-current.ts';
import { HarmonicBars } from './harmonic-bars.tsx';
import { MeasuresTable } from './measures-table.tsx';
import { saveText } from './save-text.ts';
import { TrajectoryPlot } from './trajectory-plot.tsx';
import { windowAround, type ViewWindow } from './view-window.ts';
import { WaveStack } from './wave-stack.tsx';

export type ViewerState = {
  /** Point or prefix the capture was opened for. */
  readonly point?: string;
  readonly a?: string;
  readonly b?: string;
  readonly from?: string;
  readonly to?: string;
};

export type CaptureViewerProps = {
  readonly samples: CaptureSamples;
  /** Stretches to be shaded: where an arc burned. */
  readonly marks: readonly Mark[];
  readonly fileName: string;
  /** In one word, for the file. */
  readonly calibration: string | undefined;
  /** State of the URL when the page was opened. */
  readonly initial: ViewerState;
  /** Called when the hand rests: what the URL shall hold. */
  readonly onState: (state: Required<Omit<ViewerState, 'point'>>) => void;
};

/** The waveform with its cursors, and everything computed from where they stand. */
export function CaptureViewer({ samples, marks, fileName, calibration, initial, onState }: CaptureViewerProps) {
  const { t } = useTranslation();
  const record = useMemo(() => captureRecordOf(samples), [samples]);
  const whole = useMemo(() => ({ from: frameToMs(record, 0), to: frameToMs(record, record.frames - 1) }), [record]);
  const [cursors, setCursors] = useState(() => cursorsOfSearch(record, initial));
  const [active, setActive] = useState<CursorName>('a');
  const [window_, setWindow] = useState<ViewWindow>(() => windowOfState(initial, whole));
  const main = useMemo(() => mainCurrent(record, initial.point), [record, initial.point]);
  const [analysedPoint, setAnalysedPoint] = useState<string>();
  const analysed = record.channels.find(({ point }) => point === analysedPoint) ?? main ?? record.channels[0];

  const cycle = useMemo(() => cycleUnder(record, cursors.a), [record, cursors.a]);
  const harmonics = useMemo(
    () => (cycle && analysed ? channelHarmonics(analysed, cycle) : undefined),
    [cycle, analysed],
  );
  const current = analysed?.kind === 'current' ? analysed : main;
  const path = useMemo(
    () => (cycle && current ? cycleTrajectory(record, current, cycle) : undefined),
    [record, cycle, current],
  );
  const between = timeBetween(record, cursors);

  const place = (name: CursorName, frame: number): void => {
    setActive(name);
    setCursors((now) => ({ ...now, [name]: frame }));
    setWindow((now) => windowAround(now, frameToMs(record, frame), whole));
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea')) return;
    const frame = cursorAfterKey(record, cursors[active], { key: event.key, shift: event.shiftKey });
    if (frame === undefined) return;
    event.preventDefault();
    place(active, frame);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  const report = useEffectEvent(() =>
    onState({ a: String(cursors.a), b: String(cursors.b), from: window_.from.toFixed(3), to: window_.to.toFixed(3) }),
  );
  // Browsers refuse hundreds of address changes in a row: the URL follows when the hand rests.
  useEffect(() => {
    const timer = setTimeout(() => report(), 400);
    return () => clearTimeout(timer);
  }, [cursors, window_]);

  return (
    <div className="capture-columns">
      <div className="page-part">
        <section className="panel" aria-labelledby="wave-title">
          <header>
            <h2 id="wave-title">{t('capture.wave')}</h2>
            <span role="group" aria-label={t('capture.cursors')} className="cursor-choice">
              {(['a', 'b'] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={active === name}
                  onClick={() => setActive(name)}
                  data-testid={`cursor-${name}`}
                  data-frame={cursors[name]}
                >
                  {t(name === 'a' ? 'capture.cursorA' : 'capture.cursorB')}{' '}
                  {frameToMs(record, cursors[name]).toFixed(2)} ms
                </button>
              ))}
            </span>
            <span className="chip">
              Δt <b>{between.ms.toFixed(3)} ms</b>{' '}
              {Number.isFinite(between.hz) ? t('capture.frequency', { hz: formatNumber(between.hz) }) : ''}
            </span>
            <span className="end cursor-choice">
              <button type="button" onClick={() => setWindow(whole)}>
                {t('capture.resetZoom')}
              </button>
              <button
                type="button"
                onClick={() => saveText(`${fileName}.csv`, 'text/csv', captureCsv(record, calibration))}
              >
                {t('capture.exportCsv')}
              </button>
            </span>
          </header>
          {record.isMainsAssumed ? <p className="muted">{t('capture.mainsAssumed')}</p> : null}
          <WaveStack
            record={record}
            marks={marks}
            cursors={cursors}
            active={active}
            window={window_}
            whole={whole}
            onCursor={place}
            onWindow={setWindow}
          />
          <p className="muted key-words">{t('capture.keys')}</p>
        </section>
        <section className="panel" aria-label={t('capture.between')}>
          <MeasuresTable record={record} main={main} cursors={cursors} cycle={cycle} />
        </section>
      </div>
      <div className="analysis">
        <section className="panel" aria-labelledby="harmonics-title">
          <header>
            <h2 id="harmonics-title">{t('capture.harmonics')}</h2>
            <span className="muted">{t('capture.harmonicsUnit')}</span>
            {record.channels.length > 1 ? (
              <label className="end">
                <span className="visually-hidden">{t('capture.harmonicsOf')}</span>
                <select value={analysed?.point} onChange={({ target }) => setAnalysedPoint(target.value)}>
                  {record.channels.map(({ point }) => (
                    <option key={point} value={point}>
                      {pointName(t, point)}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
          </header>
          {!cycle ? (
            <p className="empty">{t('capture.noCycle')}</p>
          ) : harmonics ? (
            <HarmonicBars harmonics={harmonics} unit={unitSymbol(analysed?.unit ?? '')} />
          ) : (
            <p className="empty">{t('capture.brokenCycle')}</p>
          )}
        </section>
        <section className="panel" aria-labelledby="trajectory-title">
          <header>
            <h2 id="trajectory-title">{t('capture.trajectory')}</h2>
          </header>
          {path ? (
            <TrajectoryPlot path={path} currentUnit={unitSymbol(current?.unit ?? 'A')} />
          ) : (
            <p className="empty">{t(cycle ? 'capture.brokenCycle' : 'capture.noCycle')}</p>
          )}
        </section>
      </div>
    </div>
  );
}

function windowOfState({ from, to }: ViewerState, whole: ViewWindow): ViewWindow {
  const [a, b] = [Number(from), Number(to)];
  const isInside = from !== undefined && to !== undefined && b > a && a >= whole.from - 1 && b <= whole.to + 1;
  return isInside ? { from: a, to: b } : whole;
}
