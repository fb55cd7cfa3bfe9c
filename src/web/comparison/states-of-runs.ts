import type { ComparisonDetail } from '../../contracts/documents/api.ts';

type State = ComparisonDetail['variants'][number]['state'];

/** Whether nothing more comes of a run: what waits for a person has not ended. */
export function hasEnded(state: State): boolean {
  switch (state) {
    case 'waiting':
    case 'running':
    case 'needs-operator':
      return false;
    case 'completed':
    case 'failed':
    case 'cancelled':
      return true;
  }
}
