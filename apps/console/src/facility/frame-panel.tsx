import { gbCommands, gbUnitType, type GbFrameJson, type GbFrameSeen } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatNear } from '../format/instant.ts';
import { useNow } from '../format/use-now.ts';
import { spacedHex } from './spaced-hex.ts';

/** The newest frames of the line as bytes, and what they say. */
export function FramePanel({ deviceId }: { readonly deviceId: string }) {
  const { t } = useTranslation();
  const frames = useQuery(queries.frames(deviceId));
  return (
    <section className="panel" aria-labelledby="frames-title">
      <header>
        <h2 id="frames-title">{t('facility.frames')}</h2>
        <span className="muted">{t('facility.framesWhy')}</span>
      </header>
      {frames.isError && !frames.data ? (
        <ProblemNote error={frames.error} onRetry={() => void frames.refetch()} />
      ) : null}
      {frames.data?.length === 0 ? <p className="muted">{t('facility.noFrames')}</p> : null}
      <ol className="frame-list">
        {(frames.data ?? []).map((seen) => (
          <FrameLine key={seen.receivedAt + seen.hex} seen={seen} />
        ))}
      </ol>
    </section>
  );
}

function FrameLine({ seen }: { readonly seen: GbFrameSeen }) {
  const { t, i18n } = useTranslation();
  const now = useNow(10_000);
  const frame = seen.frame as GbFrameJson | undefined;
  const isEnglish = i18n.language === 'en';
  const command = gbCommands.find(({ code }) => code === frame?.command);
  const type = frame?.type === undefined ? undefined : gbUnitType(frame.type);
  const words = frame
    ? [
        (isEnglish ? command?.en : command?.zh) ?? frame.command,
        frame.type === undefined ? '' : `${frame.type} ${(isEnglish ? type?.en : type?.zh) ?? ''}`,
        frame.count === undefined ? '' : `× ${frame.count}`,
      ].join(' ')
    : t('facility.unreadable');
  return (
    <li>
      <details data-testid="frame">
        <summary>
          <time dateTime={seen.receivedAt}>{formatNear(seen.receivedAt, now)}</time>{' '}
          <span className={frame?.valid === false ? 'warn-words' : ''}>{words}</span>
        </summary>
        <h3>{t('facility.raw')}</h3>
        <pre className="mono">{spacedHex(seen.hex)}</pre>
        {frame ? (
          <>
            <h3>{t('facility.decoded')}</h3>
            <pre className="mono">{JSON.stringify(frame, undefined, 1)}</pre>
          </>
        ) : null}
      </details>
    </li>
  );
}
