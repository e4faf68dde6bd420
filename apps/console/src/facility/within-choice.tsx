import { useTranslation } from 'react-i18next';

const withins = [1, 3, 5, 10, 30];

export type WithinChoiceProps = {
  readonly label: string;
  readonly withinMin: number;
  readonly onChoose: (withinMin: number) => void;
};

/** How long people have to answer. */
export function WithinChoice({ label, withinMin, onChoose }: WithinChoiceProps) {
  const { t } = useTranslation();
  return (
    <label className="life-acts">
      <span className="muted">{label}</span>
      <select value={withinMin} onChange={({ target }) => onChoose(Number(target.value))}>
        {withins.map((n) => (
          <option key={n} value={n}>
            {t('command.minute', { n })}
          </option>
        ))}
      </select>
    </label>
  );
}
