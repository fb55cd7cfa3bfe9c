import { post } from '../data/api.ts';
import { Confirm } from '../parts/confirm.tsx';

interface CancelProps {
  what: 'run' | 'comparison';
  path: string;
  /** Whether somebody has done so already. */
  asked: boolean;
}

/** Stops an experiment or a comparison, once a person has confirmed that. */
export function CancelButton({ what, path, asked }: CancelProps) {
  return (
    <Confirm
      danger
      label={asked ? 'Stopping …' : `Stop the ${what}`}
      leaveLabel="Keep it running"
      disabled={asked}
      title={`Stop this ${what}?`}
      onConfirm={() => post(`${path}/cancel`, { reason: 'cancelled on the web page' })}
    >
      <p>It stops, what was measured so far is kept, and what it made is destroyed.</p>
    </Confirm>
  );
}
