import { useTranslation } from 'react-i18next';
import type { PartForm } from './draft-form.ts';

type Props = {
  readonly number: number;
  readonly part: PartForm;
  readonly isKindFixed: boolean;
  readonly onChange: (change: Partial<PartForm>) => void;
};

type Typed = Exclude<keyof PartForm, 'kind' | 'direction'>;

const fieldsOf: Readonly<Record<PartForm['kind'], readonly Typed[]>> = {
  limit: ['threshold', 'deadband', 'onDelayS', 'offDelayS', 'ignoreBelow'],
  rate: ['riseAtLeast', 'windowMin', 'endsBelow'],
};

/** What is asked of one point. */
export function PartFields({ number, part, isKindFixed, onChange }: Props) {
  const { t } = useTranslation();
  const typed = (field: Typed) => (
    <label className="field" key={field}>
      {t(`rule.part.${field}`)}
      <input
        name={`${field}${number}`}
        value={part[field]}
        onChange={({ target }) => onChange({ [field]: target.value })}
      />
    </label>
  );
  return (
    <fieldset data-testid={`part-${number}`}>
      <legend>{t('rule.partNumber', { n: number })}</legend>
      {typed('point')}
      {isKindFixed ? null : (
        <label className="field">
          {t('rule.testKind')}
          <select
            name={`partKind${number}`}
            value={part.kind}
            onChange={({ target }) => onChange({ kind: target.value === 'rate' ? 'rate' : 'limit' })}
          >
            <option value="limit">{t('rule.kindOfTest.limit')}</option>
            <option value="rate">{t('rule.kindOfTest.rate')}</option>
          </select>
        </label>
      )}
      {part.kind === 'limit' ? (
        <label className="field">
          {t('rule.part.direction')}
          <select
            name={`direction${number}`}
            value={part.direction}
            onChange={({ target }) => onChange({ direction: target.value === 'below' ? 'below' : 'above' })}
          >
            <option value="above">{t('rule.part.above')}</option>
            <option value="below">{t('rule.part.below')}</option>
          </select>
        </label>
      ) : null}
      {fieldsOf[part.kind].map(typed)}
    </fieldset>
  );
}
