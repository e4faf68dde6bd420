import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatNear } from '../format/instant.ts';
import { useNow } from '../format/use-now.ts';
import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';
import { payloadText } from './spaced-hex.ts';

export type QuarantinePanelProps = {
  readonly deviceId: string;
  /** Nothing at all while nothing is in quarantine. */
  readonly isHiddenWhenEmpty?: boolean;
};

/** Messages of the device that could not be used, each with why, and as it came. */
export function QuarantinePanel({ deviceId, isHiddenWhenEmpty = false }: QuarantinePanelProps) {
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

/** A reason is a stable code and the centre's words; a code that is not known here stays as it came. */
function reasonWords(t: Translate, reason: string): string {
  const [code = ''] = reason.split(':');
  return isKnown(code) ? t(`facility.reason.${code}`) : reason;
}

type Known = keyof typeof zh.facility.reason;
const isKnown = (code: string): code is Known => Object.hasOwn(zh.facility.reason, code);
