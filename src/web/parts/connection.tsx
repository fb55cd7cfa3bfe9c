import type { ReactNode } from 'react';
import type { Live } from '../data/use-live.ts';
import { Failure, Loading } from './states.tsx';
import { When } from './words.tsx';

/** What has not come yet, or why it does not; in the place of what will. */
export function NotYet({ live: { error, noNewsSince } }: { live: Live<unknown> }): ReactNode {
  if (error) return <Failure error={error} isTriedAgain={error.mayPass} />;
  if (noNewsSince === null) return <Loading height="view" />;
  return (
    <p role="status" className="notice open">
      The service is there, but cannot read this just now. It goes on trying.
    </p>
  );
}

/** Says that what is shown may be old: the connection was lost, or brings nothing new. */
export function Connection({ live: { connected, error, noNewsSince } }: { live: Live<unknown> }) {
  if (!connected) {
    return (
      <p role="status" className="notice open">
        The connection was lost; it is tried again. {error?.message}
      </p>
    );
  }
  if (noNewsSince === null) return null;
  return (
    <p role="status" className="notice open">
      No news since <When at={new Date(noNewsSince).toISOString()} />: the service is there, but cannot read
      how this goes on. It goes on trying.
    </p>
  );
}
