import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { formatNear } from '../format/instant.ts';
import { useNow } from '../format/use-now.ts';
import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';
import { relayApi } from '../relay/relay-api.ts';
import { payloadText } from './spaced-hex.ts';

export type QuarantinePanelProps = {
  readonly deviceId: string;
  /** Nothing at all while nothing is in quarantine. */
  readonly isHiddenWhenEmpty?: boolean;
  /** Frames of GB/T 26875.3: they can be read again when the profile of their make was changed. */
  readonly isFacility?: boolean;
};

/** Messages of the device that could not be used, each with why, and as it came. */
export function QuarantinePanel({ deviceId, isHiddenWhenEmpty = false, isFacility = false }: QuarantinePanelProps) {
  const { t } = useTranslation();
  const now = useNow(10_000);
  const messages = useQuery(queries.quarantine(deviceId));
  if (isHiddenWhenEmpty && (messages.data ?? []).length === 0) return null;
  return (
    <section className="panel" aria-labelledby="quarantine-title">
      <header>
        <h2 id="quarantine-title">{t('facility.quarantine')}</h2>
        <span className="muted">{t('facility.quarantineWhy')}</span>
      </header>
      {isFacility && (messages.data ?? []).length > 0 ? <ReplayFrames deviceId={deviceId} /> : null}
      {messages.isError && !messages.data ? (
        <ProblemNote error={messages.error} onRetry={() => void messages.refetch()} />
      ) : null}
      {messages.data?.length === 0 ? <p className="muted">{t('facility.noQuarantine')}</p> : null}
      <ol className="frame-list">
        {(messages.data ?? []).map(({ receivedAt, reason, payloadBase64 }, index) => (
          <li key={`${receivedAt}${index}`}>
            <details data-testid="quarantined">
              <summary>
                <time dateTime={receivedAt}>{formatNear(receivedAt, now)}</time> {reasonWords(t, reason)}
              </summary>
              <p className="muted">{reason}</p>
              <h3>{t('facility.raw')}</h3>
              <pre className="mono">{payloadText(payloadBase64)}</pre>
              <p className="muted">{t('facility.first4k')}</p>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Has everything that is kept of the device read again by its profile of now; what can be read leaves the list. */
function ReplayFrames({ deviceId }: { readonly deviceId: string }) {
  const { t } = useTranslation();
  const mayReplay = usePermission('gb.control');
  const queryClient = useQueryClient();
  const replay = useMutation({
    mutationFn: () => relayApi.replayQuarantine(deviceId),
    onSuccess: () => {
      for (const key of ['quarantine', 'parts']) void queryClient.invalidateQueries({ queryKey: [key, deviceId] });
    },
  });
  if (!mayReplay) return null;
  const { readCount = 0, leftCount = 0 } = replay.data ?? {};
  return (
    <div className="life-acts">
      <button type="button" data-testid="replay" disabled={replay.isPending} onClick={() => replay.mutate()}>
        {t('facility.replay')}
      </button>
      <span className="muted" role="status">
        {replay.data ? t('facility.replayed', { read: readCount, left: leftCount }) : t('facility.replayWhy')}
      </span>
      {replay.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, replay.error)}
        </p>
      ) : null}
    </div>
  );
}

/** A reason is a stable code and the centre's words; a code that is not known here stays as it came. */
function reasonWords(t: Translate, reason: string): string {
  const [code = ''] = reason.split(':');
  return isKnown(code) ? t(`facility.reason.${code}`) : reason;
}

type Known = keyof typeof zh.facility.reason;
const isKnown = (code: string): code is Known => Object.hasOwn(zh.facility.reason, code);
