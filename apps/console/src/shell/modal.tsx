import './modal.css';
import { useEffect, useId, useRef, type ReactNode } from 'react';

/** A modal on the browser's own <dialog>: focus is kept inside and returned, Escape closes. */
export function Modal(props: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // React's autoFocus comes before showModal, which then takes the first button instead.
    (element?.querySelector<HTMLElement>('[data-first]') ?? element?.querySelector<HTMLElement>('textarea'))?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
