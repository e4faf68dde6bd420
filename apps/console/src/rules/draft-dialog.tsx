import { levels, priorities } from '@fengsui/alarm';
import { venueClasses, type RuleVersion } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { zh } from '../locale/zh.ts';
import { kindName } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { draftOf, emptyPart, formOf, withTestKind, type DraftForm } from './draft-form.ts';
import { PartFields } from './part-fields.tsx';
import { ruleApi, ruleQueries } from './rule-api.ts';
import { ScheduleFields } from './schedule-fields.tsx';

const testKinds = ['limit', 'rate', 'combination', 'sequence', 'count', 'off'] as const;

type Props = {
  readonly from: RuleVersion | undefined;
  readonly onDrafted: (version: RuleVersion) => void;
  readonly onClose: () => void;
};

/** A further version of a rule, or the first of one of its own. It watches nothing before it is tried, reviewed and on. */
export function DraftDialog({ from, onDrafted, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [form, setForm] = useState<DraftForm>(() => formOf(from));
  const set = (change: Partial<DraftForm>): void => setForm((now) => ({ ...now, ...change }));
  const draft = useMutation({
    mutationFn: () => ruleApi.draft(form.id.trim(), draftOf(form)),
    onSuccess: async (version) => {
      await queryClient.invalidateQueries({ queryKey: ruleQueries.all().queryKey });
      onDrafted(version);
    },
  });
  const isMissing = [
    form.id,
    form.consequenceZh,
    form.consequenceEn,
    form.responseZh,
    form.responseEn,
    form.source,
  ].some((text) => text.trim() === '');
  const text = (field: TextField, word: string, more: { readonly hint?: string; readonly isFixed?: boolean } = {}) => (
    <Field word={word} {...(more.hint !== undefined && { hint: more.hint })}>
      <input
        name={field}
        value={form[field]}
        readOnly={more.isFixed === true}
        onChange={({ target }) => set({ [field]: target.value })}
      />
    </Field>
  );
  return (
    <DialogForm
      title={from === undefined ? t('rule.new') : t('rule.draftOf', { id: from.id })}
      submit={t('rule.saveDraft')}
      isBusy={draft.isPending}
      error={draft.error}
      missing={() => (isMissing ? t('rule.required') : undefined)}
      onSend={() => draft.mutate()}
      onClose={onClose}
    >
      <div className="rule-form">
        {text('id', t('rule.id'), { hint: t('rule.idHint'), isFixed: from !== undefined })}
        <Field word={t('rule.kind')}>
          <select
            name="kind"
            disabled={from !== undefined}
            value={form.kind}
            onChange={({ target }) => set({ kind: target.value })}
          >
            {Object.keys(zh.kind).map((kind) => (
              <option key={kind} value={kind}>
                {kindName(t, kind)}
              </option>
            ))}
          </select>
        </Field>
        <Field word={t('rule.level')}>
          <select
            name="level"
            value={form.level}
            onChange={({ target }) => set({ level: levels.find((level) => level === target.value) ?? form.level })}
          >
            {levels.map((level) => (
              <option key={level} value={level}>
                {t(`level.${level}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field word={t('rule.priority')}>
          <select
            name="priority"
            value={form.priority}
            onChange={({ target }) => set({ priority: priorities.find((one) => one === target.value) ?? '' })}
          >
            <option value="">{t('rule.priorityAsClassified')}</option>
            {priorities.map((priority) => (
              <option key={priority}>{priority}</option>
            ))}
          </select>
        </Field>
        <Field word={t('rule.testKind')}>
          <select
            name="testKind"
            value={form.testKind}
            onChange={({ target }) =>
              setForm(withTestKind(form, testKinds.find((kind) => kind === target.value) ?? form.testKind))
            }
          >
            {testKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`rule.kindOfTest.${kind}`)}
              </option>
            ))}
          </select>
        </Field>
        {form.testKind === 'combination' ? (
          <Field word={t('rule.operator')}>
            <select
              name="operator"
              value={form.operator}
              onChange={({ target }) => set({ operator: target.value === 'or' ? 'or' : 'and' })}
            >
              <option value="and">{t('rule.allOf')}</option>
              <option value="or">{t('rule.anyOf')}</option>
            </select>
          </Field>
        ) : null}
        {form.testKind === 'sequence' ? text('withinMin', t('rule.withinMin')) : null}
        {form.testKind === 'count' ? text('atLeast', t('rule.atLeast')) : null}
        {form.testKind === 'count' ? text('windowMin', t('rule.windowMin')) : null}
        {form.testKind === 'off'
          ? null
          : form.parts.map((part, i) => (
              <PartFields
                key={i}
                number={i + 1}
                part={part}
                isKindFixed={form.testKind === 'limit' || form.testKind === 'rate'}
                onChange={(change) =>
                  set({ parts: form.parts.map((one, n) => (n === i ? { ...one, ...change } : one)) })
                }
              />
            ))}
        {form.testKind === 'combination' ? (
          <div className="actions">
            <button
              type="button"
              disabled={form.parts.length >= 8}
              onClick={() => set({ parts: [...form.parts, emptyPart] })}
            >
              {t('rule.addPart')}
            </button>
            <button
              type="button"
              disabled={form.parts.length <= 2}
              onClick={() => set({ parts: form.parts.slice(0, -1) })}
            >
              {t('rule.dropPart')}
            </button>
          </div>
        ) : null}
        <ScheduleFields form={form} onChange={set} />
        <fieldset>
          <legend>{t('rule.scopeChoice')}</legend>
          <div className="choices">
            {venueClasses.map((one) => (
              <label key={one}>
                <input
                  type="checkbox"
                  checked={form.venueClasses.includes(one)}
                  onChange={({ target }) =>
                    set({
                      venueClasses: target.checked
                        ? [...form.venueClasses, one]
                        : form.venueClasses.filter((word) => word !== one),
                    })
                  }
                />{' '}
                {t(`venueClass.${one}`)}
              </label>
            ))}
          </div>
          {text('models', t('rule.models'), { hint: t('rule.listHint') })}
          {text('jurisdictions', t('rule.jurisdictions'), { hint: t('rule.listHint') })}
        </fieldset>
        <Field word={t('rule.validFrom')}>
          <input
            type="date"
            name="validFrom"
            value={form.validFrom}
            onChange={({ target }) => set({ validFrom: target.value })}
          />
        </Field>
        <Field word={t('rule.validTo')}>
          <input
            type="date"
            name="validTo"
            value={form.validTo}
            onChange={({ target }) => set({ validTo: target.value })}
          />
        </Field>
        {text('consequenceZh', `${t('rule.consequence')} (中文)`)}
        {text('consequenceEn', `${t('rule.consequence')} (English)`)}
        {text('responseZh', `${t('rule.response')} (中文)`)}
        {text('responseEn', `${t('rule.response')} (English)`)}
        {text('timeAllowedMin', t('rule.timeAllowedMin'))}
        {text('source', t('rule.source'), { hint: t('rule.sourceHint') })}
        {text('reason', t('rule.reason'), { hint: t('rule.reasonHint') })}
      </div>
    </DialogForm>
  );
}

type TextField = {
  [Key in keyof DraftForm]: DraftForm[Key] extends string ? (string extends DraftForm[Key] ? Key : never) : never;
}[keyof DraftForm];

export function Field(props: { readonly word: string; readonly hint?: string; readonly children: ReactNode }) {
  return (
    <label className="field">
      {props.word}
      {props.children}
      {props.hint === undefined ? null : <small>{props.hint}</small>}
    </label>
  );
}
