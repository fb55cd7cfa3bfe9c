import { type ReactNode, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { type ApiError, asApiError } from '../data/api.ts';
import { Failure } from './states.tsx';

interface ConfirmProps {
  /** Of the button that opens it, and of the one that does it. */
  label: string;
  /** Of the first, where several on a page would be called the same. */
  accessibleLabel?: string;
  /** Of the one that does nothing. */
  leaveLabel?: string;
  title: string;
  children: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  /** Does it; what it throws is shown. */
  onConfirm: () => Promise<unknown>;
}

/** A button whose work is done only once a person has confirmed it. */
export function Confirm(props: ConfirmProps) {
  const {
    label,
    accessibleLabel,
    leaveLabel = 'Leave it',
    title,
    children,
    danger,
    disabled,
    onConfirm,
  } = props;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      setOpen(false);
    } catch (caught) {
      setError(asApiError(caught));
    } finally {
      setBusy(false);
    }
  };
  const tone = danger ? 'danger' : '';
  return (
    <>
      <button
        type="button"
        className={`button ${tone}`}
        aria-label={accessibleLabel}
        // One that is disabled would lose the focus of whoever has just pressed it.
        aria-disabled={disabled}
        onClick={() => {
          if (disabled) return;
          setError(null);
          setOpen(true);
        }}
      >
        {label}
      </button>
      <ModalOverlay className="overlay" isOpen={open} onOpenChange={setOpen} isDismissable={!busy}>
        <Modal className="dialog">
          <Dialog role="alertdialog" className="stack">
            <Heading slot="title" level={2}>
              {harmless(title)}
            </Heading>
            <div className="stack">{children}</div>
            {error && <Failure error={error} />}
            <div className="row">
              <button
                type="button"
                className={`button ${danger ? 'danger' : 'main'}`}
                aria-disabled={busy}
                onClick={() => void confirm()}
              >
                {label}
              </button>
              <button
                type="button"
                className="button"
                aria-disabled={busy}
                onClick={() => !busy && setOpen(false)}
              >
                {leaveLabel}
              </button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}
