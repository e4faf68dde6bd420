import { longestSilenceMin, type Point } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { pointName, branchName } from '../locale/words.ts';
import { OverloadBands } from './overload-bands.tsx';
import { needsCircuit, type CommandFields, type OfferedCommand } from './command-order.ts';

const silences = [1, 2, 5, longestSilenceMin];
const sirens = [10, 30, 60, 300];

export type CommandArgumentsProps = {
  readonly name: OfferedCommand;
  readonly fields: CommandFields;
  readonly points: readonly Point[];
  readonly circuits: readonly string[];
  readonly onFields: (changes: Partial<CommandFields>) => void;
};

/** The fields of one command; commands without arguments have none. */
export function CommandArguments({ name, fields, points, circuits, onFields }: CommandArgumentsProps) {
  const { t } = useTranslation();
  if (name === 'silence')
    return (
      <Choices
        label={t('command.minutes')}
        choices={silences.map((n) => [n, t('command.minute', { n })])}
        value={fields.minutes}
        onChoose={(minutes) => onFields({ minutes })}
      />
    );
  if (name === 'siren')
    return (
      <>
        <Choices
          label={t('command.name.siren')}
          choices={[
            [1, t('command.on')],
            [0, t('command.off')],
          ]}
          value={fields.isOn ? 1 : 0}
          onChoose={(on) => onFields({ isOn: on === 1 })}
        />
        {fields.isOn ? (
          <Choices
            label={t('command.duration')}
            choices={sirens.map((n) => [n, n < 60 ? t('command.seconds', { n }) : t('command.minute', { n: n / 60 })])}
            value={fields.durationS}
            onChoose={(durationS) => onFields({ durationS })}
          />
        ) : null}
      </>
    );
  if (needsCircuit(name))
    return (
      <label className="field">
        {t('command.circuit')}
        <select value={fields.circuit} onChange={({ target }) => onFields({ circuit: target.value })}>
          {circuits.map((circuit) => (
            <option key={circuit} value={circuit}>
              {branchName(t, `${circuit}.currentA`) ?? circuit}
            </option>
          ))}
        </select>
      </label>
    );
  if (name === 'read' && points.length > 0)
    return (
      <label className="field">
        {t('command.points')}
        <select
          multiple
          size={Math.min(5, points.length)}
          value={[...fields.points]}
          onChange={({ target }) => onFields({ points: [...target.selectedOptions].map(({ value }) => value) })}
        >
          {points.map(({ id }) => (
            <option key={id} value={id}>
              {pointName(t, id)}
            </option>
          ))}
        </select>
      </label>
    );
  if (name === 'configure') return <Configuration fields={fields} circuits={circuits} onFields={onFields} />;
  return null;
}

function Configuration({
  fields,
  circuits,
  onFields,
}: Pick<CommandArgumentsProps, 'fields' | 'circuits' | 'onFields'>) {
  const { t } = useTranslation();
  return (
    <div className="command-configuration">
      <label className="field">
        {t('command.version')}
        <input
          type="number"
          min={1}
          value={fields.version}
          onChange={({ target }) => onFields({ version: target.value })}
        />
        <small>{t('command.versionWhy')}</small>
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={fields.rollBack}
          onChange={({ target }) => onFields({ rollBack: target.checked })}
        />
        {t('command.rollBack')}
      </label>
      {fields.rollBack ? null : (
        <>
          <label className="field">
            {t('command.intervalS')}
            <input
              type="number"
              min={0.2}
              max={3600}
              step="any"
              value={fields.intervalS}
              onChange={({ target }) => onFields({ intervalS: target.value })}
            />
          </label>
          <div className="field">
            {t('command.ratedA')}
            <div className="rated">
              {circuits.map((circuit) => (
                <label key={circuit}>
                  {branchName(t, `${circuit}.currentA`) ?? circuit}
                  <input
                    type="number"
                    min={0}
                    max={6300}
                    step="any"
                    value={fields.ratedA[circuit] ?? ''}
                    onChange={({ target }) => onFields({ ratedA: { ...fields.ratedA, [circuit]: target.value } })}
                  />
                </label>
              ))}
            </div>
          </div>
          <OverloadBands bands={fields.overloadBands} onBands={(overloadBands) => onFields({ overloadBands })} />
        </>
      )}
    </div>
  );
}

function Choices(props: {
  readonly label: string;
  readonly choices: readonly (readonly [value: number, word: string])[];
  readonly value: number;
  readonly onChoose: (value: number) => void;
}) {
  return (
    <div role="group" aria-label={props.label} className="life-acts">
      <span className="muted">{props.label}</span>
      {props.choices.map(([value, word]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChoose(value)}>
          {word}
        </button>
      ))}
    </div>
  );
}
