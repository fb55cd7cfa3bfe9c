import { Fragment } from 'react';
import { Link } from 'wouter';
import type { ExperimentSummary, OpenWait, OrphansAnswer } from '../../contracts/documents/api.ts';
import type { QueueState } from '../../contracts/documents/progress.ts';
import { getJson, post } from '../data/api.ts';
import { type Resource, useResource } from '../data/use-resource.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { Loading } from '../parts/states.tsx';
import { When } from '../parts/words.tsx';

/** What a person must do, what runs, and what waits for its turn. */
export function NowCard() {
  const queue = useResource(
    'queue',
    (signal) => getJson<{ targets: QueueState[] }>('/api/queue', signal),
    3_000,
  );
  const waiting = useResource(
    'waiting',
    (signal) => getJson<{ items: OpenWait[] }>('/api/waiting', signal),
    10_000,
  );
  const open = useResource(
    'open',
    (signal) => getJson<{ items: ExperimentSummary[] }>('/api/experiments?open=true&limit=100', signal),
    5_000,
  );
  const orphans = useResource('orphans', (signal) => getJson<OrphansAnswer>('/api/orphans', signal), 15_000);
  const stuck = (waiting.data?.items ?? []).filter(
    (item) => item.type === 'experiment' || item.type === 'comparison',
  );
  return (
    <section className="stack" aria-labelledby="now">
      <h2 id="now" className="hidden-visually">
        Now
      </h2>
      {waiting.error && <Unread what="What waits for somebody" resource={waiting} />}
      {stuck.map((item) => (
        <Stuck key={item.id} item={item} />
      ))}
      {orphans.error && <Unread what="What is left over" resource={orphans} />}
      {(orphans.data?.items.length ?? 0) > 0 && orphans.data && (
        <Orphans answer={orphans.data} reload={orphans.reload} />
      )}
      {queue.error && <Unread what="What runs now" resource={queue} />}
      {queue.data && <Queue targets={queue.data.targets} open={open.data?.items ?? []} />}
      {queue.loading && <Loading height="h40" />}
    </section>
  );
}

/** Of one answer; the others are shown all the same. */
function Unread({ what, resource }: { what: string; resource: Resource<unknown> }) {
  const { data, error } = resource;
  return (
    <p role="alert" className="notice bad">
      {what} could not be read{data !== null && '; below is what it was before'}. {error?.message} This is
      tried again.
    </p>
  );
}

function Stuck({ item }: { item: OpenWait }) {
  const needsYou = item.waits.some(({ kind }) => kind === 'operator');
  return (
    <div className={`notice ${needsYou ? 'bad' : 'open'}`}>
      <p>
        <strong>{needsYou ? 'Needs you: ' : 'Waits: '}</strong>
        <Link href={`/${item.type}s/${item.id}`}>
          <Name>{item.name ?? item.id}</Name>
        </Link>
      </p>
      {item.waits.map(({ for: what, reason, hint }) => (
        <p key={what} className="small">
          {[what, reason, hint].filter(Boolean).join('. ')}
        </p>
      ))}
    </div>
  );
}

function Orphans({ answer, reload }: { answer: OrphansAnswer; reload: () => void }) {
  return (
    <div className="notice bad stack">
      <p>
        <strong>Left over and not destroyed</strong>, by the last look
        {answer.checkedAt && (
          <>
            {' '}
            of <When at={answer.checkedAt} />
          </>
        )}
        :
      </p>
      <ul>
        {answer.items.map(({ experimentId, reason, found }) => (
          <li key={experimentId}>
            {experimentId.includes(' ') ? (
              experimentId
            ) : (
              <Link href={`/experiments/${experimentId}`}>{experimentId}</Link>
            )}
            : {reason}
            <ul className="small">
              {found.map(({ kind, name, description }) => (
                <li key={`${kind} ${name}`}>{description}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <p>
        <Confirm
          label="Destroy them now"
          title="Destroy what is left over?"
          onConfirm={async () => {
            await post('/api/reap', {});
            reload();
          }}
        >
          <p>Whatever is left of experiments whose workflow no longer runs. This can take minutes.</p>
        </Confirm>
      </p>
    </div>
  );
}

interface QueueProps {
  targets: readonly QueueState[];
  /** Of which the queue tells the ids alone. */
  open: readonly ExperimentSummary[];
}

function Queue({ targets, open }: QueueProps) {
  const names = new Map(open.map(({ id, name }) => [id, name]));
  const busy = targets.filter(({ running, waiting }) => running.length + waiting.length > 0);
  if (busy.length === 0) {
    return <p className="notice">Nothing runs now, and nothing waits.</p>;
  }
  return busy.map(({ target, running, waiting }) => (
    <div key={target} className="notice">
      <p>
        Running on <strong>{target}</strong>:{' '}
        {running.length === 0 ? (
          'nothing'
        ) : (
          <Names ids={running.map(({ experimentId }) => experimentId)} names={names} />
        )}
        {running.map(
          ({ experimentId, keptUntil }) =>
            keptUntil && (
              <Fragment key={experimentId}>
                {' '}
                (kept until <When at={keptUntil} />)
              </Fragment>
            ),
        )}
        {waiting.length > 0 && (
          <>
            {' '}
            · {waiting.length} {waiting.length === 1 ? 'waits for its turn' : 'wait for their turns'}:{' '}
            <Names ids={waiting.slice(0, 3).map(({ experimentId }) => experimentId)} names={names} />
            {waiting.length > 3 && ' …'}
          </>
        )}
      </p>
    </div>
  ));
}

/** Each by its name; by its id as long as that is not known. */
function Names({ ids, names }: { ids: readonly string[]; names: ReadonlyMap<string, string> }) {
  return ids.map((id, index) => {
    const name = names.get(id);
    return (
      <Fragment key={id}>
        {index > 0 && ', '}
        <Link href={`/experiments/${id}`} className={name === undefined ? 'mono' : undefined}>
          {name === undefined ? id : <Name>{name}</Name>}
        </Link>
      </Fragment>
    );
  });
}
