import { post } from '../data/api.ts';
import { Confirm } from '../parts/confirm.tsx';

/** Stops an experiment or a comparison, once a person has confirmed that. */
export function CancelButton({ path, asked }: { path: string; asked: boolean }) {
  return (
    <Confirm
      danger
      label={asked ? 'Cancelling' : 'Cancel'}
      disabled={asked}
      title="Cancel this run?"
      onConfirm={() => post(`${path}/cancel`, { reason: 'cancelled on the web page' })}
    >
      <p>It stops, what was measured so far is kept, and what it made is destroyed.</p>
    </Confirm>
  );
}
