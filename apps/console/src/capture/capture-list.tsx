import './capture-list.css';
import type { CaptureSummary } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { OriginTag } from '../shell/origin-mark.tsx';

/** Captures of a device, the newest first. */
export function CaptureList({ captures }: { readonly captures: readonly CaptureSummary[] }) {
  const { t } = useTranslation();
  return (
    <ul className="capture-list">
      {captures.map((capture) => (
        <li key={capture.id} data-testid="capture-row" data-capture-id={capture.id}>
          <Link to="/captures/$captureId" params={{ captureId: capture.id }}>
            {formatInstant(capture.at ?? capture.receivedAt)}
          </Link>
          <span className="muted">{completeness(t, capture)}</span>
          {capture.sampleRateHz === undefined || capture.frames === undefined ? null : (
            <span className="muted">
              {capture.sampleRateHz} Hz · {((capture.frames / capture.sampleRateHz) * 1000).toFixed(0)} ms
            </span>
          )}
          <OriginTag origin={capture.origin} />
        </li>
      ))}
    </ul>
  );
}

/** Complete, still arriving, or incomplete for good, in words. */
export function completeness(t: Translate, capture: CaptureSummary): string {
  if (capture.complete) return t('capture.complete');
  const counts = { received: capture.chunksReceived, total: capture.chunkCount };
  return capture.incomplete ? t('capture.incomplete', counts) : t('capture.arriving', counts);
}
