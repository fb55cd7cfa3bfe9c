import { Link } from 'wouter';
import type { ExperimentSummary, TechnologyAnswer } from '../../contracts/documents/api.ts';
import { mostPickedExperiments } from '../../contracts/documents/report/most-columns.ts';
import { getJson, request } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { EmulatedBadge, StateBadge } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { ChoiceFilter, OutcomeFilter, StateFilter, TextFilter } from './filter-field.tsx';
import { Pager } from './pager.tsx';
import { TimeCells, TimeHeads, WhenOfName } from './time-columns.tsx';
import { type Pages, usePages } from './use-pages.ts';
import { type Picks, usePicks } from './use-picks.ts';

const filterNames = ['name', 'technology', 'target', 'outcome', 'open'];

/** Experiments, newest first; finished ones can be picked to be compared. */
export function ExperimentsTable() {
  const pages = usePages<ExperimentSummary>('/api/experiments', filterNames);
  const picks = usePicks();
  const { data, error } = pages;
  if (pages.isEmpty) {
    return (
      <Empty>
        <p>No experiment has been started yet.</p>
      </Empty>
    );
  }
  return (
    <div className="stack">
      <Filters pages={pages} />
      <ComparePicked picks={picks} />
      {error && <Failure error={error} onRetry={pages.reload} />}
      {!data && !error && <Loading height="h300" />}
      {data?.items.length === 0 && (
        <Empty>
          <p>No experiment is like that.</p>
        </Empty>
      )}
      {data && data.items.length > 0 && <Rows items={data.items} picks={picks} reload={pages.reload} />}
      <Pager {...pages} />
    </div>
  );
}

function ComparePicked({ picks: { ids, clear } }: { picks: Picks }) {
  const text = `Compare ${ids.length > 0 ? `${ids.length} ` : ''}picked`;
  const query = ids.map((id) => `experiment=${encodeURIComponent(id)}`).join('&');
  return (
    <div className="row">
      {ids.length < 2 ? (
        <button type="button" className="button" disabled>
          {text}
        </button>
      ) : (
        <Link className="button" href={`/compare?${query}`}>
          {text}
        </Link>
      )}
      {ids.length > 0 && (
        <button type="button" className="button quiet" aria-label="Clear what is picked" onClick={clear}>
          Clear
        </button>
      )}
      <span role="status" className="soft small">
        {ids.length < mostPickedExperiments
          ? 'Pick two or more that have ended.'
          : `${mostPickedExperiments} are picked, as many as can be compared.`}
      </span>
    </div>
  );
}

function Filters({ pages: { filters, setFilter } }: { pages: Pages<ExperimentSummary> }) {
  const technologies = useResource('technologies', (signal) =>
    getJson<{ items: TechnologyAnswer[] }>('/api/technologies', signal),
  );
  const cards = technologies.data?.items ?? [];
  const targets = [...new Set(cards.flatMap((card) => Object.keys(card.targets)))];
  const choice = (name: string, label: string, choices: Parameters<typeof ChoiceFilter>[0]['choices']) => (
    <ChoiceFilter
      label={label}
      value={filters[name] ?? ''}
      choices={choices}
      onChange={(value) => setFilter(name, value)}
    />
  );
  return (
    <div className="filters">
      <TextFilter label="Name" value={filters.name ?? ''} onChange={(value) => setFilter('name', value)} />
      {choice(
        'technology',
        'Technology',
        cards.map(({ id, label }) => ({ value: id, label })),
      )}
      {choice('target', 'Target', targets)}
      <OutcomeFilter value={filters.outcome ?? ''} onChange={(value) => setFilter('outcome', value)} />
      <StateFilter value={filters.open ?? ''} onChange={(value) => setFilter('open', value)} />
    </div>
  );
}

interface RowsProps {
  items: readonly ExperimentSummary[];
  picks: Picks;
  reload: () => void;
}

function Rows({ items, picks: { ids, pick }, reload }: RowsProps) {
  const isFull = ids.length >= mostPickedExperiments;
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-visually">Pick</span>
            </th>
            <th scope="col">Name</th>
            <th scope="col" className="wide-only">
              Technology
            </th>
            <th scope="col">State</th>
            <TimeHeads />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Pick ${item.name}`}
                  disabled={item.outcome === null || (isFull && !ids.includes(item.id))}
                  checked={ids.includes(item.id)}
                  onChange={(event) => pick(item.id, event.target.checked)}
                />
              </td>
              <th scope="row">
                <Link href={`/experiments/${item.id}`}>
                  <Name>{item.name}</Name>
                </Link>{' '}
                <EmulatedBadge emulated={item.emulated} />
                <WhenOfName item={item} />
              </th>
              <td className="wide-only">
                {item.technology} on {item.target}
              </td>
              <td>
                <StateBadge outcome={item.outcome} phase={item.phase} />
              </td>
              <TimeCells item={item} />
              <td>
                {item.phase === 'closed' && (
                  <Confirm
                    danger
                    label="Delete"
                    accessibleLabel={`Delete ${item.name}`}
                    leaveLabel="Keep it"
                    title={`Delete “${item.name}”?`}
                    onConfirm={async () => {
                      await request(`/api/experiments/${item.id}`, { method: 'DELETE' });
                      pick(item.id, false);
                      reload();
                    }}
                  >
                    <p>Its result, series, ledgers and logs, and its history. This cannot be undone.</p>
                  </Confirm>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
