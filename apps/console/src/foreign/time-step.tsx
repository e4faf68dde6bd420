import { timeFormats } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { pickWords, type MapDraft, type Proposals } from './map-draft.ts';

/** Step 4: when it happened, and by what a repeat is known. Both may be absent. */
export function TimeStep(props: {
  readonly draft: MapDraft;
  readonly proposals: Proposals;
  readonly onDraft: (change: (before: MapDraft) => MapDraft) => void;
}) {
  const { draft, proposals, onDraft } = props;
  const { t } = useTranslation();
  const isBothOpen = draft.time === undefined && draft.key === undefined;
  return (
    <>
      <h2>{t('foreignSource.step.time')}</h2>
      {isBothOpen && (proposals.time !== undefined || proposals.key !== undefined) ? (
        <p>
          <button
            type="button"
            data-testid="take-both"
            onClick={() =>
              onDraft((before) => ({
                ...before,
                ...(proposals.time !== undefined && {
                  time: { pick: proposals.time.pick, format: proposals.time.format },
                }),
                ...(proposals.key !== undefined && { key: proposals.key.pick }),
              }))
            }
          >
            {t('foreignSource.takeBoth')}
          </button>
        </p>
      ) : null}
      <dl className="facts">
        <dt>{t('foreignSource.time')}</dt>
        <dd>
          {draft.time === undefined ? (
            <>
              {t('foreignSource.timeNone')}
              {proposals.time === undefined ? null : (
                <>
                  {' '}
                  <span className="muted">
                    {t('foreignSource.proposed', { what: pickWords(proposals.time.pick), word: proposals.time.word })}
                  </span>
                </>
              )}
            </>
          ) : (
            <span className="picked-head">
              <b className="mono">{pickWords(draft.time.pick)}</b>
              <select
                aria-label={t('foreignSource.timeFormat')}
                value={draft.time.format}
                onChange={({ target }) => {
                  const format = timeFormats.find((one) => one === target.value) ?? 'iso';
                  onDraft((before) =>
                    before.time === undefined ? before : { ...before, time: { ...before.time, format } },
                  );
                }}
              >
                {timeFormats.map((format) => (
                  <option key={format} value={format}>
                    {t(`foreignSource.format.${format}`)}
                  </option>
                ))}
              </select>
              <button type="button" className="plain" onClick={() => onDraft(({ time: _time, ...before }) => before)}>
                {t('foreignSource.remove')}
              </button>
            </span>
          )}
        </dd>
        <dt>{t('foreignSource.key')}</dt>
        <dd>
          {draft.key === undefined ? (
            <>
              {t('foreignSource.keyNone')}
              {proposals.key === undefined ? null : (
                <>
                  {' '}
                  <span className="muted">
                    {t('foreignSource.proposed', { what: pickWords(proposals.key.pick), word: proposals.key.word })}
                  </span>
                </>
              )}
            </>
          ) : (
            <span className="picked-head">
              <b className="mono">{pickWords(draft.key)}</b>
              <button type="button" className="plain" onClick={() => onDraft(({ key: _key, ...before }) => before)}>
                {t('foreignSource.remove')}
              </button>
            </span>
          )}
        </dd>
      </dl>
      <p className="muted">{t('foreignSource.keyWhy')}</p>
    </>
  );
}
