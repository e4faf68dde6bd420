import { useTranslation } from 'react-i18next';
import { nightly, type DraftForm, type WindowForm } from './draft-form.ts';
import { dayKeys } from './rule-words.ts';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Hours at which a rule speaks, in local time. */
export function ScheduleFields({
  form,
  onChange,
}: {
  readonly form: DraftForm;
  readonly onChange: (change: Partial<DraftForm>) => void;
}) {
  const { t } = useTranslation();
  const { speaks, windows, utcOffsetMin } = form;
  const change = (i: number, what: Partial<WindowForm>): void =>
    onChange({ windows: windows.map((one, n) => (n === i ? { ...one, ...what } : one)) });
  return (
    <fieldset>
      <legend>{t('rule.hours')}</legend>
      <select
        name="speaks"
        value={speaks}
        onChange={({ target }) =>
          onChange({ speaks: target.value === 'within' || target.value === 'outside' ? target.value : 'always' })
        }
      >
        <option value="always">{t('rule.always')}</option>
        <option value="within">{t('rule.onlyWithin')}</option>
        <option value="outside">{t('rule.onlyOutside')}</option>
      </select>
      {speaks === 'always'
        ? null
        : windows.map(({ days, from, to }, i) => (
            <div key={i} className="choices">
              {DAYS.map((day) => (
                <label key={day}>
                  <input
                    type="checkbox"
                    checked={days.includes(day)}
                    onChange={({ target }) =>
                      change(i, {
                        days: target.checked ? [...days, day].sort((a, b) => a - b) : days.filter((one) => one !== day),
                      })
                    }
                  />{' '}
                  {t(`rule.day.${dayKeys[day] ?? 'mon'}`)}
                </label>
              ))}
              <input
                type="time"
                aria-label={t('rule.from')}
                value={from}
                onChange={({ target }) => change(i, { from: target.value })}
              />
              –
              <input
                type="time"
                aria-label={t('rule.to')}
                value={to}
                onChange={({ target }) => change(i, { to: target.value })}
              />
              <span className="muted">
                {utcOffsetMin === undefined
                  ? t('rule.siteTime')
                  : `UTC${utcOffsetMin < 0 ? '−' : '+'}${Math.abs(utcOffsetMin) / 60}`}
              </span>
            </div>
          ))}
      {speaks === 'always' ? null : (
        <div className="choices">
          <button type="button" onClick={() => onChange({ windows: [...windows, nightly] })}>
            {t('rule.addHours')}
          </button>
          <button
            type="button"
            disabled={windows.length <= 1}
            onClick={() => onChange({ windows: windows.slice(0, -1) })}
          >
            {t('rule.dropPart')}
          </button>
        </div>
      )}
    </fieldset>
  );
}
