import { useTranslation } from 'react-i18next';
import type { BandFields } from './command-order.ts';

/** The limits on overload, as rows to fill in: from which share of the rated current, and how long it must last. */
export function OverloadBands(props: {
  readonly bands: readonly BandFields[];
  readonly onBands: (bands: readonly BandFields[]) => void;
}) {
  const { t } = useTranslation();
  const change = (index: number, changes: Partial<BandFields>): void =>
    props.onBands(props.bands.map((band, at) => (at === index ? { ...band, ...changes } : band)));
  return (
    <fieldset className="overload-bands">
      <legend>{t('command.bands.title')}</legend>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('command.bands.level')}</th>
            <th scope="col">{t('command.bands.ratioPct')}</th>
            <th scope="col">{t('command.bands.onS')}</th>
            <th scope="col">{t('command.bands.deadbandPct')}</th>
            <th scope="col">{t('command.bands.offS')}</th>
          </tr>
        </thead>
        <tbody>
          {props.bands.map((band, index) => (
            <tr key={band.level}>
              <th scope="row">{t(`level.${band.level}`)}</th>
              {(['ratioPct', 'onS', 'deadbandPct', 'offS'] as const).map((field) => (
                <td key={field}>
                  <input
                    type="number"
                    min={0}
                    step="any"
                    name={`${band.level}-${field}`}
                    aria-label={`${t(`level.${band.level}`)} · ${t(`command.bands.${field}`)}`}
                    value={band[field]}
                    onChange={({ target }) => change(index, { [field]: target.value })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <small>{t('command.bands.why')}</small>
    </fieldset>
  );
}
