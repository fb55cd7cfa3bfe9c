import { useId, useState } from 'react';
import type { OperatorNotice as Notice } from '../../contracts/documents/progress.ts';
import { ApiError, post } from '../data/api.ts';
import { backoffMs } from '../data/backoff.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { When } from '../parts/words.tsx';

interface NoticeProps {
  /** Of the experiment. */
  id: string;
  operator: Notice;
  /** Which of several it is; null where it is the only one. */
  subject: string | null;
}

/** Why it needs a person, what that person can do, and buttons that do it. */
export function OperatorNotice({ id, operator, subject }: NoticeProps) {
  const { reason, actions, attempts, nextRetryAt } = operator;
  // Of an attempt: the next one that fails asks anew.
  const attempt = `${attempts} ${reason}`;
  const [askedOf, setAskedOf] = useState<string | null>(null);
  const headingId = useId();
  const path = `/api/experiments/${encodeURIComponent(id)}/retry-destroy`;
  const lock = lockNamedIn([reason, ...actions]);
  const retry = async (body: object) => {
    await onceItWaits(() => post(path, body));
    setAskedOf(attempt);
  };
  return (
    <section className="notice bad stack" aria-labelledby={headingId}>
      <h2 id={headingId}>
        {subject === null ? 'It needs you' : <Name>{subject}</Name>}
        {subject !== null && ' needs you'}: what it made could not be destroyed
      </h2>
      <p>{reason}</p>
      <ul>
        {actions.map((action) => (
          <li key={action}>{action}</li>
        ))}
      </ul>
      <p className="small">
        Tried {attempts} {attempts === 1 ? 'time' : 'times'}
        {nextRetryAt && (
          <>
            ; tried again <When at={nextRetryAt} />
          </>
        )}
        .
      </p>
      <div className="row">
        <Confirm label="Retry the destroy" title="Try the destroy again now?" onConfirm={() => retry({})}>
          <p>Once what kept it from succeeding has been mended. Trying more often does no harm.</p>
        </Confirm>
        {lock && (
          <Confirm
            danger
            label="Confirm that the lock may be broken"
            title="Is the holder of the lock dead?"
            onConfirm={() => retry({ breakLock: lock })}
          >
            <p>
              The state is locked by <code>{lock}</code>. Breaking it while its holder still works can leave
              infrastructure behind that nobody knows of: confirm it only after you have looked.
            </p>
          </Confirm>
        )}
      </div>
      {askedOf === attempt && (
        <p role="status">
          Asked for. This notice goes once it has been destroyed, or says what went wrong again.
        </p>
      )}
    </section>
  );
}

const mostTries = 8;

/** While a try goes on no other is taken, for a moment that a person does not choose: so it is asked for after that. */
async function onceItWaits(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries === mostTries || !(error instanceof ApiError && error.status === 409)) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries)));
    }
  }
}

/** The lock that the words of the workflow name, as `breakLock "…"`. */
function lockNamedIn(texts: readonly string[]): string | null {
  for (const text of texts) {
    const [, lock] = /breakLock "([^"]+)"/.exec(text) ?? [];
    if (lock) return lock;
  }
  return null;
}
