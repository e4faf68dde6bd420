import './capture.css';
import { calibrationWord, type CaptureSummary } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../alarm/use-place.ts';
import { isProblem } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatInstant, toEpochMs } from '../format/instant.ts';
import { withSearch } from '../route/search-text.ts';
import { arcMarks, type Mark } from '../evidence/arc-marks.ts';
import { EvidenceList } from '../evidence/evidence-list.tsx';
import type { EvidencedEvent } from '../evidence/evidenced-event.ts';
import { useCaptureEvidence } from '../evidence/use-capture-evidence.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { completeness } from './capture-list.tsx';
import { CaptureViewer } from './capture-viewer.tsx';

/** One capture: where it comes from, whether it is whole, and its waveform. */
export function CapturePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { captureId = '' } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const [initial] = useState(search);
  const summary = useQuery(queries.capture(captureId));
  const isComplete = summary.data?.complete === true;
  const samples = useQuery({ ...queries.captureSamples(captureId), enabled: isComplete });
  const evidence = useCaptureEvidence(captureId);
  const marks = useMemo(() => marksOf(evidence.known, summary.data), [evidence.known, summary.data]);

  if (summary.isError && !summary.data) {
    return (
      <div className="page">
        <h1>{t('capture.title')}</h1>
        {isProblem(summary.error, 404) ? (
          <p>{t('capture.notFound', { id: captureId })}</p>
        ) : (
          <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />
        )}
      </div>
    );
  }
  if (!summary.data) return <p className="page">{t('feed.loading')}…</p>;
  return (
    <div className="page capture">
      <CaptureHead capture={summary.data} />
      <EvidenceList {...evidence} />
      {isComplete ? null : <p className="panel">{t('capture.noSamples')}</p>}
      {samples.isError ? <ProblemNote error={samples.error} onRetry={() => void samples.refetch()} /> : null}
      {samples.data ? (
        <CaptureViewer
          key={captureId}
          samples={samples.data}
          marks={marks}
          calibration={calibrationIn(summary.data)}
          fileName={captureId.replace(/[^\w.-]+/g, '_')}
          initial={initial}
          onState={(state) =>
            void navigate({
              to: '/captures/$captureId',
              params: { captureId },
              search: withSearch(search, state),
              replace: true,
            })
          }
        />
      ) : null}
    </div>
  );
}

function marksOf(evidence: readonly EvidencedEvent[], capture: CaptureSummary | undefined): readonly Mark[] {
  const { at, sampleRateHz, frames, triggerFrame = 0 } = capture ?? {};
  const startAt = toEpochMs(at);
  if (startAt === undefined || sampleRateHz === undefined || frames === undefined) return [];
  const clock = { startAt, triggerFrame, sampleRateHz, frames };
  return arcMarks(
    evidence.map((item) => item.evidence),
    clock,
  );
}

function CaptureHead({ capture }: { readonly capture: CaptureSummary }) {
  const { t } = useTranslation();
  const place = usePlace(capture);
  const { sampleRateHz, mainsHz, frames, sha256 } = capture;
  return (
    <>
      <div className="page-title">
        <h1>
          {t('capture.title')} {formatInstant(capture.at ?? capture.receivedAt)}
        </h1>
        <OriginTag origin={capture.origin} />
        <span
          className={`chip completeness${capture.complete ? '' : ' partial'}`}
          data-testid="capture-complete"
          data-complete={capture.complete}
        >
          {completeness(t, capture)}
        </span>
      </div>
      <p className="muted capture-facts">
        <span>
          <Link to="/venues/$venueId" params={{ venueId: capture.venueId }}>
            {place.venue}
          </Link>{' '}
          ·{' '}
          <Link to="/devices/$deviceId" params={{ deviceId: capture.deviceId }}>
            {place.spot}
          </Link>
        </span>
        {sampleRateHz === undefined ? null : (
          <span>
            {t('capture.rate')} {sampleRateHz} Hz
          </span>
        )}
        {mainsHz === undefined ? null : (
          <span>
            {t('capture.mains')} {mainsHz} Hz
          </span>
        )}
        {frames === undefined || sampleRateHz === undefined ? null : (
          <span>
            {t('capture.frames')} {frames} · {((frames / sampleRateHz) * 1000).toFixed(0)} ms
          </span>
        )}
        <CalibrationWords capture={capture} />
        {sha256 === undefined ? null : (
          <span className="mono" data-testid="capture-sha256">
            {t('capture.checksum')} {sha256}
          </span>
        )}
      </p>
    </>
  );
}

function CalibrationWords({ capture: { calibration, notCalibrated } }: { readonly capture: CaptureSummary }) {
  const { t } = useTranslation();
  return (
    <span
      data-testid="capture-calibration"
      data-calibration={calibration?.id ?? (notCalibrated === true ? 'none' : '')}
    >
      {calibration !== undefined
        ? t('factory.captured', {
            id: calibration.id,
            time: formatInstant(calibration.calibratedAt),
            by: calibration.by,
          })
        : t(notCalibrated === true ? 'factory.capturedNone' : 'factory.capturedUnsaid')}
    </span>
  );
}

/** In one word, as a file carries it; undefined: the device does not say. */
function calibrationIn({ calibration, notCalibrated }: CaptureSummary): string | undefined {
  if (calibration === undefined) return notCalibrated === true ? calibrationWord('none') : undefined;
  return calibrationWord({ id: calibration.id, calibratedAt: Date.parse(calibration.calibratedAt) });
}
