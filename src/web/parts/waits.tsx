import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { Name } from './name.tsx';
import { When } from './words.tsx';

interface WaitsProps {
  waits: ExperimentDetail['waits'];
  /** What waits; null where there is only one thing that could. */
  subject: string | null;
}

/** What something waits for, beside its turn, and when that is tried again. */
export function Waits({ waits, subject }: WaitsProps) {
  return waits
    .filter(({ kind }) => kind !== 'slot')
    .map(({ for: what, reason, hint, attempt, nextAttemptAt }) => (
      <p key={what} className="notice open">
        {subject !== null && <Name>{subject}</Name>}
        {subject === null ? 'Waits: ' : ' waits: '}
        {[what, reason, hint].filter(Boolean).join('. ')}
        {attempt > 1 && ` (try ${attempt})`}
        {nextAttemptAt && (
          <>
            {' '}
            Next try <When at={nextAttemptAt} />.
          </>
        )}
      </p>
    ));
}
