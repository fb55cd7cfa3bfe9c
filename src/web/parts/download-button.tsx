import { useState } from 'react';
import { type ApiError, asApiError, download } from '../data/api.ts';

interface DownloadProps {
  label: string;
  path: string;
  accept: string;
  /** Of the file. */
  name: string;
}

/** Saves a file, and says while it is being fetched, and why it could not be. */
export function DownloadButton({ label, path, accept, name }: DownloadProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const fetchIt = async () => {
    setBusy(true);
    setError(null);
    try {
      await download(path, accept, name);
    } catch (caught) {
      setError(asApiError(caught));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" className="button" aria-disabled={busy} onClick={() => !busy && void fetchIt()}>
        {label}
        {busy && ' …'}
      </button>
      {error && (
        <p role="alert" className="fault">
          {label}: {error.message}
        </p>
      )}
    </>
  );
}
