import type { LoadEvidence } from '@fengsui/protocol';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../capture/save-text.ts';
import { formatInstant } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { evidenceCsv } from './evidence-csv.ts';
import { FeatureTable } from './feature-table.tsx';
import { JudgeBar } from './judge-bar.tsx';
import { loadName, namedWords, sureness } from './load-words.ts';
import { MatchBars } from './match-bars.tsx';
import { savePicture } from './save-picture.ts';
import { HarmonicOverlay, TrajectoryOverlay } from './shape-plots.tsx';

/** The fingerprint panel: what switched, what it is taken for and how sure, against what, and what a person says. */
export function LoadPanel({ deviceId, evidence }: { readonly deviceId: string; readonly evidence: LoadEvidence }) {
  const { t } = useTranslation();
  const { switching, recognition, shape, baseline, circuit, model } = evidence;
  const { named, device } = recognition;
  const drawings = useRef<HTMLDivElement>(null);
  const fileName = `${deviceId}_${evidence.loadEventId}`;
  const explained = Math.max(0, circuit.activePowerW - circuit.unexplainedPowerW);
  return (
    <section className="panel load" aria-labelledby={`load-${evidence.loadEventId}`} data-testid="load-panel">
      <header>
        <h2 id={`load-${evidence.loadEventId}`}>{t('load.title')}</h2>
        <span className="load-name" data-testid="load-named" data-level={named?.level ?? 'unknown'}>
          {t(switching.direction === 'on' ? 'load.on' : 'load.off')} <b>{namedWords(t, named)}</b>
        </span>
        <span className="muted">
          {named === undefined
            ? t('load.unknownWhy')
            : `${t(`load.level.${named.level}`)} · ${sureness(named.confidence)}`}
        </span>
        <span className="end load-export">
          <button
            type="button"
            onClick={() => saveText(`${fileName}.csv`, 'text/csv', evidenceCsv(evidence))}
            data-testid="load-export-csv"
          >
            {t('capture.exportCsv')}
          </button>
          <button
            type="button"
            onClick={() => {
              if (drawings.current) void savePicture(`${fileName}.png`, drawings.current);
            }}
            data-testid="load-export-png"
          >
            {t('load.exportPng')}
          </button>
        </span>
        <span className="muted">
          {t('load.model')} {model.modelId} {model.modelVersion} · {t('load.enrolment')} {model.enrolmentVersion}
        </span>
      </header>
      <p className="load-facts">
        <span>{formatQuantity(Math.abs(switching.activePowerW), 'W')}</span>
        <span>{formatQuantity(switching.reactivePowerVar, 'var')}</span>
        <span>{formatQuantity(switching.currentA, 'A')}</span>
        {switching.inrushRatio === undefined ? null : (
          <span>
            {t('load.inrush')} × {switching.inrushRatio.toFixed(1)}
          </span>
        )}
        <span>
          {t('load.unknownScore')} {sureness(recognition.unknownScore)}
        </span>
      </p>
      <div className="load-grid" ref={drawings}>
        <div>
          {device ? (
            <MatchBars title={t('load.device')} matches={[{ name: device.name, probability: device.score }]} />
          ) : null}
          <MatchBars
            title={t('load.family')}
            matches={recognition.families.map(({ family, probability }) => ({
              name: loadName(t, family),
              probability,
            }))}
          />
          <MatchBars
            title={t('load.type')}
            matches={recognition.types.map(({ type, probability }) => ({ name: loadName(t, type), probability }))}
          />
        </div>
        <figure>
          <figcaption>{t('load.trajectory')}</figcaption>
          <TrajectoryOverlay shape={shape} baseline={baseline} />
        </figure>
        <figure>
          <figcaption>{t('load.harmonics')}</figcaption>
          <HarmonicOverlay shape={shape} baseline={baseline} />
        </figure>
      </div>
      <p className="muted legend-line">
        {t('load.solid')}
        {baseline ? ` · ${t('load.dashed', { name: baseline.name ?? t('load.before') })}` : ''}
      </p>
      <FeatureTable
        features={recognition.reasons}
        family={recognition.families[0] && loadName(t, recognition.families[0].family)}
      />
      <p className="load-circuit">
        {t('load.circuit', { total: formatQuantity(circuit.activePowerW, 'W') })}{' '}
        <b data-testid="load-unexplained">
          {t('load.unexplained', {
            power: formatQuantity(circuit.unexplainedPowerW, 'W'),
            percent: circuit.activePowerW > 0 ? (100 - (100 * explained) / circuit.activePowerW).toFixed(0) : '0',
          })}
        </b>
      </p>
      {circuit.loadsOn.length === 0 ? null : (
        <ul className="loads-on">
          {circuit.loadsOn.map(({ name, level, activePowerW, since }, index) => (
            <li key={index}>
              {name === undefined || level === undefined
                ? t('load.unknown')
                : namedWords(t, { level, name, confidence: 1 })}{' '}
              {formatQuantity(activePowerW, 'W')}{' '}
              <span className="muted">{t('load.since', { time: formatInstant(new Date(since).toISOString()) })}</span>
            </li>
          ))}
        </ul>
      )}
      <JudgeBar deviceId={deviceId} evidence={evidence} />
    </section>
  );
}
