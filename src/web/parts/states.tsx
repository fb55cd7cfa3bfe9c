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

/** What could not be read, and why. */
export function Failure({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  return (
    <div role="alert" className="notice bad stack">
      <p>{error.message}</p>
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

export function Empty({ children }: { children: ReactNode }) {
  return <div className="soft stack">{children}</div>;
}
