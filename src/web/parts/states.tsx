import type { ReactNode } from 'react';
import type { ApiError } from '../data/api.ts';

/**
 * A place kept for what is being read, as high as it will be, or, where that is much, as high as the window: so nothing
 * that is seen moves when it comes.
 */
export function Loading({ height = 'h160' }: { height?: 'h40' | 'h160' | 'h300' | 'view' }) {
  return (
    <div role="status" className={`skeleton ${height}`}>
      <span className="hidden-visually">Loading</span>
    </div>
  );
}

interface FailureProps {
  error: ApiError;
  onRetry?: () => void;
  /** Whether that goes on by itself. */
  isTriedAgain?: boolean;
}

/** What could not be read, and why. */
export function Failure({ error, onRetry, isTriedAgain = false }: FailureProps) {
  return (
    <div role="alert" className="notice bad stack">
      <p>
        {error.message}
        {isTriedAgain && ' This is tried again.'}
      </p>
      {error.problem?.errors?.map(({ pointer, detail }) => (
        <p key={pointer} className="small">
          <code>{pointer || 'the whole document'}</code> {detail}
        </p>
      ))}
      {onRetry && (
        <p>
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** A part of the page itself is not to be had: mostly because the service has another version by now. */
export function CouldNotLoad() {
  return (
    <div role="alert" className="notice bad row">
      <span>A part of this page could not be loaded; the service may have been updated.</span>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Load the page again
      </button>
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <div className="soft stack">{children}</div>;
}
