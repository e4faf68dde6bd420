import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { Modal } from './modal.tsx';

export type DialogFormProps = {
  readonly title: string;
  readonly children: ReactNode;
  readonly submit: string;
  readonly isBusy: boolean;
  /** Of the last attempt; nothing while there was none. */
  readonly error: unknown;
  /** What is missing, said instead of sending; undefined = send. */
  readonly missing: () => string | undefined;
  readonly onSend: () => void;
  readonly onClose: () => void;
};

/** A dialog with fields, a refusal in words, and the two ways out of it. */
export function DialogForm(props: DialogFormProps) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState<string>();
  const failure = missing ?? (props.error ? problemWords(t, props.error) : undefined);
  return (
    <Modal title={props.title} onClose={props.onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const words = props.missing();
          setMissing(words);
          if (words === undefined) props.onSend();
        }}
      >
        {props.children}
        {failure ? (
          <p className="problem" role="alert">
            {failure}
          </p>
        ) : null}
        <div className="actions">
          <button type="button" onClick={props.onClose}>
            {t('dialog.cancel')}
          </button>
          <button type="submit" className="primary" disabled={props.isBusy}>
            {props.isBusy ? t('desk.sending') : props.submit}
          </button>
        </div>
      </form>
    </Modal>
  );
}
