import type { Alarm, CaptureSamples, CaptureSummary } from '@fengsui/protocol';
import { minMaxEnvelope, rms } from '@fengsui/signal';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { captureIdOf } from '../alarm/capture-id.ts';
import { usePlace } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { captureRecordOf, type CaptureChannel } from '../capture/capture-record.ts';
import { mainCurrent } from '../capture/main-current.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatNear } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { useSize } from '../chart/use-size.ts';

const shownCycles = 10;

/** The newest complete capture: it says which device and when, for it is a capture and not a stream. */
export function WallWave({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const { t } = useTranslation();
  const captures = useQuery(queries.captures({ limit: 10 }));
  const newest = captures.data?.find(({ complete }) => complete);
  const alarmPoint = alarms.find((alarm) => newest !== undefined && captureIdOf(alarm) === newest.id)?.pointId;
  const samples = useQuery({ ...queries.captureSamples(newest?.id ?? ''), enabled: newest !== undefined });
  const waveWords = captures.data ? t('wall.noWave') : t(captures.isError ? 'wall.waveUnknown' : 'desk.loading');
  return (
    <section className="panel wall-wave" aria-labelledby="wave-title">
      <header>
        <h2 id="wave-title">{t('wall.wave')}</h2>
        {newest ? <WaveWords capture={newest} alarmPoint={alarmPoint} /> : null}
      </header>
      {newest && samples.data ? (
        <Wave samples={samples.data} alarmPoint={alarmPoint} />
      ) : (
        <p className="empty">{newest ? '' : waveWords}</p>
      )}
    </section>
  );
}

function WaveWords({
  capture,
  alarmPoint,
}: {
  readonly capture: CaptureSummary;
  readonly alarmPoint: string | undefined;
}) {
  const { t } = useTranslation();
  const { venue, spot } = usePlace(capture);
  const now = useCentreNow(60_000);
  return (
    <>
      <Link
        className="muted words"
        to="/captures/$captureId"
        params={{ captureId: capture.id }}
        search={alarmPoint === undefined ? {} : { point: alarmPoint }}
      >
        {t('wall.waveWhat', { place: `${venue} · ${spot}`, time: formatNear(capture.at ?? capture.receivedAt, now) })}
      </Link>
      <OriginTag origin={capture.origin} />
    </>
  );
}

function Wave({ samples, alarmPoint }: { readonly samples: CaptureSamples; readonly alarmPoint: string | undefined }) {
  const { t } = useTranslation();
  const room = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(room);
  const record = useMemo(() => captureRecordOf(samples), [samples]);
  const voltage = record.channels.find(({ kind }) => kind === 'voltage');
  const current = mainCurrent(record, alarmPoint);
  const span = Math.min(record.frames, Math.round(shownCycles * record.samplesPerCycle));
  // Two cycles before the trigger and eight after it; without a trigger the last ten.
  const wanted =
    record.triggerFrame === undefined
      ? record.frames - span
      : record.triggerFrame - Math.round(2 * record.samplesPerCycle);
  const from = Math.min(Math.max(0, Math.round(wanted)), record.frames - span);
  const [left, bottom] = [8, 26];
  const box = { x: left, y: 6, width: Math.max(10, width - 2 * left), height: Math.max(10, height - bottom - 6) };
  const triggerX =
    record.triggerFrame !== undefined && record.triggerFrame >= from && record.triggerFrame < from + span
      ? box.x + ((record.triggerFrame - from) / span) * box.width
      : undefined;
  return (
    <>
      <div className="legend wave-legend">
        {current ? (
          <span>
            <i className="line current" /> {pointName(t, current.point)}{' '}
            <b>{formatQuantity(rms(current.values), current.unit)}</b> {t('capture.rms')}
          </span>
        ) : null}
        {voltage ? (
          <span>
            <i className="line voltage" /> {t('capture.voltage')}{' '}
            <b>{formatQuantity(rms(voltage.values), voltage.unit)}</b> {t('capture.rms')}
          </span>
        ) : null}
        <span>{t('wall.cycles', { n: Math.round(span / record.samplesPerCycle) })}</span>
      </div>
      <div ref={room} className="wave-room">
        {width > 0 && height > 0 ? (
          <svg width={width} height={height} role="img" aria-label={t('wall.wave')}>
            <line
              x1={box.x}
              x2={box.x + box.width}
              y1={box.y + box.height / 2}
              y2={box.y + box.height / 2}
              className="grid"
            />
            {Array.from({ length: 11 }, (_, i) => box.x + (i / 10) * box.width).map((x) => (
              <line key={x} x1={x} x2={x} y1={box.y} y2={box.y + box.height} className="grid" />
            ))}
            {voltage ? <path d={envelopePath(voltage, from, from + span, box)} className="voltage" /> : null}
            {current ? <path d={envelopePath(current, from, from + span, box)} className="current" /> : null}
            {triggerX === undefined ? null : (
              <>
                <line x1={triggerX} x2={triggerX} y1={box.y} y2={box.y + box.height} className="trigger" />
                <text x={triggerX + 5} y={box.y + 16} className="trigger-words">
                  {t('capture.trigger')}
                </text>
              </>
            )}
            <text x={box.x} y={height - 6}>
              0
            </text>
            <text x={box.x + box.width} y={height - 6} textAnchor="end">
              {((span / record.sampleRateHz) * 1000).toFixed(0)} ms
            </text>
          </svg>
        ) : null}
      </div>
    </>
  );
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Extremes per pixel, so that neither arc noise nor a spike is lost between two pixels; gaps break the line. */
function envelopePath(channel: CaptureChannel, from: number, to: number, box: Box): string {
  const buckets = Math.max(1, Math.floor(box.width));
  const { min, max, edges } = minMaxEnvelope(channel.values, buckets, from, to);
  const reach =
    Math.max(
      ...Array.from(max, Math.abs).filter(Number.isFinite),
      ...Array.from(min, Math.abs).filter(Number.isFinite),
      1e-9,
    ) * 1.05;
  const y = (value: number): string => (box.y + box.height / 2 - (value / reach) * (box.height / 2)).toFixed(1);
  let path = '';
  let isOpen = false;
  for (let bucket = 0; bucket < min.length; bucket++) {
    const [low, high] = [min[bucket] ?? Number.NaN, max[bucket] ?? Number.NaN];
    if (Number.isNaN(low)) {
      isOpen = false;
      continue;
    }
    const x = (box.x + (((edges[bucket] ?? from) - from) / (to - from)) * box.width).toFixed(1);
    path += `${isOpen ? 'L' : 'M'}${x} ${y(high)}${low === high ? '' : `L${x} ${y(low)}`}`;
    isOpen = true;
  }
  return path;
}
