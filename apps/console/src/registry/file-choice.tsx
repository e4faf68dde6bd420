import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

export type FileChoiceProps = {
  readonly file: File | undefined;
  /** `.xlsx,.csv` */
  readonly accept: string;
  readonly testId: string;
  readonly onChoose: (file: File) => void;
  readonly disabled?: boolean;
  /** The first thing to do here. */
  readonly isPrimary?: boolean;
};

/** A button that asks for a file; the browser's own input is there for it, out of sight. */
export function FileChoice({ file, accept, testId, onChoose, disabled = false, isPrimary = false }: FileChoiceProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accept}
        className="visually-hidden"
        aria-label={t('importing.choose')}
        data-testid={testId}
        tabIndex={-1}
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen) onChoose(chosen);
          // The same name again, after it was mended, is another file.
          target.value = '';
        }}
      />
      <button
        type="button"
        className={isPrimary ? 'primary' : ''}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        {t(file ? 'importing.anotherFile' : 'importing.choose')}
      </button>
    </>
  );
}
