import { useTranslation } from 'react-i18next';
import { formatCount } from '../format/quantity.ts';

/** A share with a bar: what is missing is the coloured part, full is grey. */
export function CoverageShare(props: {
  readonly label: string;
  readonly able: number;
  readonly all: number;
  readonly id: string;
}) {
  const { t } = useTranslation();
  const { label, able, all, id } = props;
  const isFull = able === all;
  return (
    <section className="panel share" data-testid={`share-${id}`} data-able={able} data-all={all}>
      <span className="muted">{label}</span>
      <b className={isFull ? '' : 'warn-words'}>
        {t('blind.ofAll', { able: formatCount(able), all: formatCount(all) })}
      </b>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="0" width="100" height="8" className={isFull ? 'ground' : 'missing'} />
        <rect x="0" y="0" width={all === 0 ? 0 : (100 * able) / all} height="8" className="fill" />
      </svg>
    </section>
  );
}
