import type { LoadEvidence } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { FeatureTable } from './feature-table.tsx';
import { JudgeBar } from './judge-bar.tsx';
import { loadName, namedWords } from './load-words.ts';
import { MatchBars } from './match-bars.tsx';
import { HarmonicOverlay, TrajectoryOverlay } from './shape-plots.tsx';

/** Never "100 %": nothing recognised is certain. */
function sureness(confidence: number): string {
  return confidence >= 0.995 ? '> 99 %' : `${(100 * confidence).toFixed(0)} %`;
}

/** The fingerprint panel: what switched, what it is taken for and how sure, against what, and what a person says. */
export function LoadPanel({ deviceId, evidence }: { readonly deviceId: string; readonly evidence: LoadEvidence }) {
  const { t } = useTranslation();
  const { switching, recognition, shape, baseline, circuit, model } = evidence;
  const { named, device } = recognition;
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
        <span className="end muted">
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
          {t('load.unknownScore')} {(100 * recognition.unknownScore).toFixed(0)} %
        </span>
      </p>
      <div className="load-grid">
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
      <FeatureTable features={recognition.reasons} />
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
