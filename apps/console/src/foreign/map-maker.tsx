import { type DeviceModel, type InboxGroup, type Pick } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { DeviceStep } from './device-step.tsx';
import { foreignQueries } from './foreign-api.ts';
import { JsonView, TopicView, type Mark } from './json-view.tsx';
import { emptyDraft, exampleOf, gapsOf, pickId, proposalsOf, togglePick, wordsAt, type MapDraft } from './map-draft.ts';
import { TimeStep } from './time-step.tsx';
import { TryStep } from './try-step.tsx';
import { ValueStep } from './value-step.tsx';

/** Step 1 was the group; these are the others. */
const steps = ['device', 'values', 'time', 'try'] as const;
export type Step = (typeof steps)[number];

/** Messages of one shape become a mapping: the message on the left, what is asked of the person on the right. */
export function MapMaker(props: {
  readonly sourceId: string;
  readonly shape: string;
  readonly group: InboxGroup | undefined;
  readonly onClose: () => void;
}) {
  const { sourceId, shape, group, onClose } = props;
  const { t } = useTranslation();
  const messages = useQuery(foreignQueries.messages(sourceId, shape));
  const models = useQuery(queries.models());
  const [step, setStep] = useState<Step>('device');
  const [draft, setDraft] = useState<MapDraft>(emptyDraft);
  const [deviceModel, setDeviceModel] = useState<string>();
  const [isSaved, setSaved] = useState(false);
  const examples = useMemo(() => (messages.data ?? []).flatMap((message) => exampleOf(message) ?? []), [messages.data]);
  const [example] = examples;
  const proposals = useMemo(() => (example === undefined ? undefined : proposalsOf(example)), [example]);
  const model: DeviceModel | undefined = models.data?.find(({ id }) => id === deviceModel);

  const setOurDevice = async (ours: string): Promise<void> => {
    const device = await api.device(ours).catch(() => undefined);
    if (device !== undefined) setDeviceModel(device.model);
  };
  const pickDevice = (pick: Pick): void => {
    const words = wordsAt(pick, examples);
    const table = Object.fromEntries(words.map((word) => [word, '']));
    setDraft((before) => ({ ...before, device: pick, table }));
    // Ids that are ours already need nobody to say so.
    for (const word of words.slice(0, 20))
      void api
        .device(word)
        .then((device) => {
          setDeviceModel((known) => known ?? device.model);
          setDraft((before) =>
            before.table[word] === '' ? { ...before, table: { ...before.table, [word]: word } } : before,
          );
        })
        .catch(() => undefined);
  };
  const onPick = (pick: Pick): void => {
    if (step === 'device') pickDevice(pick);
    else if (step === 'values')
      setDraft((before) => togglePick(before, pick, examples, proposals?.others.get(pickId(pick)), model));
    else if (step === 'time') setDraft((before) => ({ ...before, key: pick }));
  };

  if (messages.isError)
    return (
      <div className="page">
        <ProblemNote error={messages.error} onRetry={() => void messages.refetch()} />
      </div>
    );
  const index = steps.indexOf(step);
  const marks = marksOf(draft, proposals, step);
  const gaps = gapsOf(draft);
  const mayGo =
    step === 'device'
      ? !gaps.includes('device') && !gaps.includes('table')
      : step === 'values'
        ? gaps.length === 0
        : true;
  return (
    <div className="page foreign-page">
      <div className="page-title">
        <h1>{t('foreignSource.makeTitle', { id: sourceId })}</h1>
        {group?.topic === undefined ? null : <span className="mono">{group.topic}</span>}
        <button type="button" className="end" onClick={onClose}>
          {t('foreignSource.back')}
        </button>
      </div>
      <ol className="steps" aria-label={t('foreignSource.steps')}>
        <li className="is-done">1 {t('foreignSource.step.group')}</li>
        {steps.map((one, position) => (
          <li
            key={one}
            className={position < index ? 'is-done' : position === index ? 'is-current' : ''}
            {...(position === index && { 'aria-current': 'step' as const })}
          >
            {position + 2} {t(`foreignSource.step.${one}`)}
          </li>
        ))}
      </ol>
      {messages.isSuccess && example === undefined ? (
        <p className="panel empty">
          {messages.data.length === 0 ? t('foreignSource.groupGone') : t('foreignSource.notText')}
        </p>
      ) : null}
      {example === undefined || proposals === undefined ? null : (
        <div className="maker">
          <section className="panel" aria-label={t('foreignSource.message')}>
            <header>
              <h2>{t('foreignSource.message')}</h2>
              <span className="muted">{t('foreignSource.messageWhy', { n: examples.length })}</span>
            </header>
            {example.topicLevels.length > 0 ? (
              <TopicView levels={example.topicLevels} marks={marks} onPick={onPick} />
            ) : null}
            <JsonView value={example.value} marks={marks} onPick={onPick} />
          </section>
          <section className="panel maker-step" data-testid={`step-${step}`}>
            {step === 'device' ? (
              <DeviceStep
                draft={draft}
                proposal={proposals.device}
                onPick={pickDevice}
                onTable={(theirs, ours) => {
                  setDraft((before) => ({ ...before, table: { ...before.table, [theirs]: ours } }));
                  if (ours !== '') void setOurDevice(ours);
                }}
              />
            ) : null}
            {step === 'values' ? (
              <ValueStep
                draft={draft}
                examples={examples}
                proposals={proposals}
                models={models.data ?? []}
                model={model}
                onDraft={setDraft}
                onPick={onPick}
              />
            ) : null}
            {step === 'time' ? <TimeStep draft={draft} proposals={proposals} onDraft={setDraft} /> : null}
            {step === 'try' ? (
              <TryStep
                sourceId={sourceId}
                shape={shape}
                draft={draft}
                topic={group?.topic}
                isText={example.isText}
                onSaved={() => setSaved(true)}
                onClose={onClose}
              />
            ) : null}
            <div className="actions">
              {index > 0 && !isSaved ? (
                <button type="button" onClick={() => setStep(steps[index - 1] ?? 'device')}>
                  {t('foreignSource.previous')}
                </button>
              ) : null}
              {step === 'try' ? null : (
                <button
                  type="button"
                  className="primary"
                  disabled={!mayGo}
                  onClick={() => setStep(steps[index + 1] ?? 'try')}
                  data-testid="next"
                >
                  {t('foreignSource.next')}
                </button>
              )}
            </div>
          </section>
        </div>
      )}
    </div>
  );
}

function marksOf(
  draft: MapDraft,
  proposals: ReturnType<typeof proposalsOf> | undefined,
  step: Step,
): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  if (step === 'device' && proposals?.device !== undefined) marks.set(pickId(proposals.device.pick), 'proposed');
  if (step === 'values') for (const id of proposals?.others.keys() ?? []) marks.set(id, 'proposed');
  if (step === 'time') {
    if (proposals?.time !== undefined) marks.set(pickId(proposals.time.pick), 'proposed');
    if (proposals?.key !== undefined) marks.set(pickId(proposals.key.pick), 'proposed');
  }
  for (const { pick } of draft.picked) marks.set(pickId(pick), 'picked');
  if (draft.time !== undefined) marks.set(pickId(draft.time.pick), 'time');
  if (draft.key !== undefined) marks.set(pickId(draft.key), 'key');
  if (draft.device !== undefined) marks.set(pickId(draft.device), 'device');
  return marks;
}
