import { type FormEvent, useState } from 'react';
import { keepKey, keptKey } from '../data/key.ts';

/** Asks for the API key that this service needs. */
export function KeyForm({ onKept }: { onKept: () => void }) {
  const [refused] = useState(keptKey() !== null);
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    if (key === '') return;
    keepKey(key);
    onKept();
  };
  return (
    <form className="card stack" onSubmit={keep} aria-labelledby="key-title">
      <h1 id="key-title">An API key is needed</h1>
      <p className="soft">
        Whoever runs this service has set COMPARATOR_API_KEYS and can give you one. It stays in this tab
        alone, and goes when you close it.
      </p>
      <div className="field">
        <label htmlFor="key">API key</label>
        <input
          id="key"
          name="key"
          type="password"
          autoComplete="off"
          required
          aria-invalid={refused}
          aria-describedby={refused ? 'key-fault' : undefined}
        />
        {refused && (
          <p id="key-fault" className="fault" role="alert">
            The key given before was refused.
          </p>
        )}
      </div>
      <p>
        <button type="submit" className="button main">
          Use this key
        </button>
      </p>
    </form>
  );
}
