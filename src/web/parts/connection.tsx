import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Live } from '../data/use-live.ts';
import { Failure, Loading } from './states.tsx';
import { When } from './words.tsx';

/** What has not come yet, or why it does not; in the place of what will. */
export function NotYet({ live, title }: { live: Live<unknown>; title: string }): ReactNode {
  return (
    <div className="stack wide">
      <h1>{title}</h1>
      {live.error === null && live.noNewsSince === null ? <Loading height="view" /> : <Missing live={live} />}
    </div>
  );
}

function Missing({ live }: { live: Live<unknown> }) {
  return (
    <>
      <WhyNotYet live={live} />
      <p>
        <Link href="/">All experiments and comparisons</Link>
      </p>
    </>
  );
}

function WhyNotYet({ live: { error } }: { live: Live<unknown> }): ReactNode {
  if (error) return <Failure error={error} isTriedAgain={error.mayPass} />;
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
      <p role="status" className="notice open over-all">
        The connection was lost; it is tried again. {error?.message}
      </p>
    );
  }
  if (noNewsSince === null) return null;
  return (
    <p role="status" className="notice open over-all">
      No news since <When at={new Date(noNewsSince).toISOString()} />: the service is there, but cannot read
      how this goes on. It goes on trying.
    </p>
  );
}
