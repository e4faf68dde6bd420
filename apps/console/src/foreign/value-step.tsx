import { eventKinds, facilityKinds, levels } from '@fengsui/alarm';
import type { DeviceModel, Pick } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { kindName, pointName } from '../locale/words.ts';
import {
  asCondition,
  asValue,
  changePicked,
  gapsOf,
  pickId,
  pickWords,
  wordsAt,
  type CaseMeaning,
  type Example,
  type MapDraft,
  type Picked,
  type PickedCondition,
  type PickedValue,
  type Proposals,
} from './map-draft.ts';

/** Step 3: values that become points, words that become conditions. */
export function ValueStep(props: {
  readonly draft: MapDraft;
  readonly examples: readonly Example[];
  readonly proposals: Proposals;
  readonly models: readonly DeviceModel[];
  readonly model: DeviceModel | undefined;
  readonly onDraft: (change: (before: MapDraft) => MapDraft) => void;
  readonly onPick: (pick: Pick) => void;
}) {
  const { draft, examples, proposals, model, onDraft, onPick } = props;
  const { t } = useTranslation();
  const left = [...proposals.others.values()].filter(
    ({ place }) => !draft.picked.some((one) => pickId(one.pick) === pickId({ place })),
  );
  const change = (index: number, picked: Picked): void => onDraft((before) => changePicked(before, index, picked));
  return (
    <>
      <h2>{t('foreignSource.step.values')}</h2>
      <p>{t('foreignSource.clickValues')}</p>
      {left.length > 0 ? (
        <p className="proposals">
          {left.map((one) => (
            <button
              key={pickId({ place: one.place })}
              type="button"
              onClick={() => onPick({ place: one.place })}
              data-testid="take-value"
            >
              {t('foreignSource.take', { what: pickWords({ place: one.place }), word: String(one.value) })}
            </button>
          ))}
        </p>
      ) : null}
      <ul className="picked">
        {draft.picked.map((one, index) => (
          <li key={pickId(one.pick)} data-testid="picked" data-kind={one.kind}>
            <div className="picked-head">
              <b className="mono">
                {pickWords(one.pick) === '' ? t('foreignSource.wholeMessage') : pickWords(one.pick)}
              </b>
              <select
                aria-label={t('foreignSource.becomes')}
                value={one.kind}
                onChange={({ target }) =>
                  change(
                    index,
                    target.value === 'value'
                      ? asValue(one.pick, proposals.others.get(pickId(one.pick)), model)
                      : asCondition(one.pick, wordsAt(one.pick, examples)),
                  )
                }
              >
                <option value="value">{t('foreignSource.becomesValue')}</option>
                <option value="condition">{t('foreignSource.becomesCondition')}</option>
              </select>
              <button type="button" className="plain end" onClick={() => onPick(one.pick)}>
                {t('foreignSource.remove')}
              </button>
            </div>
            {one.kind === 'value' ? (
              <ValueFields
                one={one}
                model={model}
                sample={wordsAt(one.pick, examples)[0]}
                onChange={(next) => change(index, next)}
              />
            ) : (
              <ConditionFields
                one={one}
                model={model}
                proposed={proposals.others.get(pickId(one.pick))?.eventKind}
                onChange={(next) => change(index, next)}
              />
            )}
          </li>
        ))}
      </ul>
      {draft.picked.length > 0 ? (
        <p className="muted" role="status">
          {gapsOf(draft)
            .map((gap) => t(`foreignSource.gap.${gap}`))
            .join(' · ')}
        </p>
      ) : null}
    </>
  );
}

function ValueFields(props: {
  readonly one: PickedValue;
  readonly model: DeviceModel | undefined;
  readonly sample: string | undefined;
  readonly onChange: (one: PickedValue) => void;
}) {
  const { one, model, sample, onChange } = props;
  const { t } = useTranslation();
  const unit = model?.points.find(({ id }) => id === one.point)?.unit ?? '';
  const number = Number(sample) * Number(one.scale);
  return (
    <div className="pair">
      <label className="field">
        {t('foreignSource.point')}
        {model === undefined ? (
          <input
            value={one.point}
            onChange={({ target }) => onChange({ ...one, point: target.value.trim() })}
            spellCheck={false}
            data-testid="point"
          />
        ) : (
          <select
            value={one.point}
            onChange={({ target }) => onChange({ ...one, point: target.value })}
            data-testid="point"
          >
            <option value="" disabled>
              {t('foreignSource.choose')}
            </option>
            {model.points.map((point) => (
              <option key={point.id} value={point.id}>
                {pointName(t, point.id)}（{point.unit}）
              </option>
            ))}
          </select>
        )}
      </label>
      <label className="field">
        {t('foreignSource.scale')}
        <input
          value={one.scale}
          inputMode="decimal"
          onChange={({ target }) => onChange({ ...one, scale: target.value })}
          data-testid="scale"
        />
        <small>{Number.isFinite(number) ? `${sample} → ${Number(number.toPrecision(12))} ${unit}` : ' '}</small>
      </label>
    </div>
  );
}

function ConditionFields(props: {
  readonly one: PickedCondition;
  readonly model: DeviceModel | undefined;
  readonly proposed: string | undefined;
  readonly onChange: (one: PickedCondition) => void;
}) {
  const { one, model, proposed, onChange } = props;
  const { t } = useTranslation();
  const own = (model?.events ?? []).map(({ kind }) => kind);
  const offered = [
    ...new Set([...(proposed === undefined ? [] : [proposed]), ...own, ...eventKinds, ...facilityKinds]),
  ];
  const mean = (index: number, means: CaseMeaning): void =>
    onChange({ ...one, cases: one.cases.map((kept, position) => (position === index ? { ...kept, means } : kept)) });
  return (
    <ul className="cases">
      {one.cases.map(({ word, means }, index) => {
        const said = typeof means === 'string' ? undefined : means;
        const kindBefore = one.cases
          .map((other) => (typeof other.means === 'string' ? undefined : other.means.kind))
          .find((kind) => kind !== undefined);
        return (
          <li key={word} data-testid="case" data-word={word}>
            <span className="mono">{word}</span>
            <select
              aria-label={t('foreignSource.meaningOf', { word })}
              value={typeof means === 'string' ? means : means.active ? 'raises' : 'ends'}
              onChange={({ target }) => {
                if (target.value === 'unset' || target.value === 'ignore') return mean(index, target.value);
                const kind = said?.kind ?? kindBefore ?? offered[0] ?? 'smoke';
                mean(index, { kind, level: said?.level ?? 'alarm', active: target.value === 'raises' });
              }}
              data-testid="meaning"
            >
              <option value="unset">{t('foreignSource.meaning.unset')}</option>
              <option value="raises">{t('foreignSource.meaning.raises')}</option>
              <option value="ends">{t('foreignSource.meaning.ends')}</option>
              <option value="ignore">{t('foreignSource.meaning.ignore')}</option>
            </select>
            {said === undefined ? null : (
              <>
                <select
                  aria-label={t('foreignSource.kindOf', { word })}
                  value={said.kind}
                  onChange={({ target }) => mean(index, { ...said, kind: target.value })}
                  data-testid="kind"
                >
                  {offered.map((kind) => (
                    <option key={kind} value={kind}>
                      {kindName(t, kind)}
                    </option>
                  ))}
                </select>
                {said.active ? (
                  <select
                    aria-label={t('foreignSource.levelOf', { word })}
                    value={said.level}
                    onChange={({ target }) =>
                      mean(index, { ...said, level: levels.find((level) => level === target.value) ?? 'alarm' })
                    }
                  >
                    {levels.map((level) => (
                      <option key={level} value={level}>
                        {t(`level.${level}`)}
                      </option>
                    ))}
                  </select>
                ) : null}
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
