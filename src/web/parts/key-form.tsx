import { type FormEvent, useEffect, useRef, useState } from 'react';
import { keepKey, keptKey, keyFault } from '../data/key.ts';

interface KeyFormProps {
  /** Whether the service has refused the one that is kept. */
  wasRefused: boolean;
  onKept: () => void;
  /** Goes on with the one that is kept; null where that is refused. */
  onLeave: (() => void) | null;
}

/** Asks for the API key that this service needs. */
export function KeyForm({ wasRefused, onKept, onLeave }: KeyFormProps) {
  const [fault, setFault] = useState(
    wasRefused && keptKey() !== null ? 'The key given before was refused.' : null,
  );
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    const found = keyFault(key);
    if (found !== null) return setFault(`This key ${found}.`);
    keepKey(key);
    onKept();
  };
  return (
    <form className="card stack" onSubmit={keep} aria-labelledby="key-title">
      <h1 id="key-title">{wasRefused ? 'An API key is needed' : 'Another API key'}</h1>
      <p className="soft">
        This service asks for a key; whoever runs it can give you one. It stays in this tab alone, and goes
        when you close it.
      </p>
      <div className="field">
        <label htmlFor="key">API key</label>
        <input
          ref={input}
          id="key"
          name="key"
          type="password"
          autoComplete="off"
          required
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : 'key-fault'}
        />
        {fault !== null && (
          <p id="key-fault" className="fault" role="alert">
            {fault}
          </p>
        )}
      </div>
      <p className="row">
        <button type="submit" className="button main">
          Use this key
        </button>
        {onLeave && (
          <button type="button" className="button" onClick={onLeave}>
            Keep the present one
          </button>
        )}
      </p>
    </form>
  );
}
