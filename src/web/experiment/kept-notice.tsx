import { useId, useState } from 'react';
import { mostKeptMinutes } from '../../contracts/input/keeping/kept.ts';
import { post } from '../data/api.ts';
import { Confirm } from '../parts/confirm.tsx';
import { When } from '../parts/words.tsx';

interface KeptProps {
  /** Of the experiment. */
  id: string;
  /** An instant. */
  until: string;
  /** Whether somebody has asked for the destroy already. */
  asked: boolean;
}

/** That what was measured stays for a while, to look inside, with buttons that lengthen and end it. */
export function KeptNotice({ id, until, asked }: KeptProps) {
  const [minutes, setMinutes] = useState('30');
  const headingId = useId();
  const minutesId = useId();
  const path = `/api/experiments/${encodeURIComponent(id)}`;
  return (
    <section className="notice open stack" aria-labelledby={headingId}>
      <h2 id={headingId}>
        Kept until <When at={until} />
      </h2>
      <p>
        It was measured, and what it made stays as it is, to look inside; then it is destroyed. Its turn is
        not over: others wait for it.
      </p>
      <div className="row">
        <Confirm
          label="Extend"
          leaveLabel="Leave it"
          title="Keep it for longer?"
          disabled={asked}
          onConfirm={() => post(`${path}/extend`, { minutes: Number(minutes) })}
        >
          <label htmlFor={minutesId}>Minutes more</label>
          <input
            id={minutesId}
            type="number"
            min={1}
            max={mostKeptMinutes}
            step={1}
            value={minutes}
            onChange={({ target }) => setMinutes(target.value)}
          />
        </Confirm>
        <Confirm
          danger
          label={asked ? 'Destroying …' : 'Destroy now'}
          leaveLabel="Keep it"
          title="Destroy it now?"
          disabled={asked}
          onConfirm={() => post(`${path}/cancel`, { reason: 'destroyed on the web page' })}
        >
          <p>What it made is destroyed at once. What was measured is kept.</p>
        </Confirm>
      </div>
    </section>
  );
}
