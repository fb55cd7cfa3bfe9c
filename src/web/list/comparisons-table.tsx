import { useState } from 'react';
import { Link } from 'wouter';
import type { ComparisonSummary } from '../../contracts/documents/api.ts';
import { request } from '../data/api.ts';
import { StateBadge } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { OutcomeFilter, StateFilter, TextFilter } from './filter-field.tsx';
import { Pager } from './pager.tsx';
import { TimeCells, TimeHeads, WhenOfName } from './time-columns.tsx';
import { usePages } from './use-pages.ts';
import { Welcome } from './welcome.tsx';

/** Comparisons, newest first. */
export function ComparisonsTable() {
  const pages = usePages<ComparisonSummary>('/api/comparisons', ['name', 'outcome', 'open']);
  const { data, error, filters, setFilter } = pages;
  if (pages.isEmpty) return <Welcome />;
  return (
    <div className="stack">
      <div className="filters">
        <TextFilter label="Name" value={filters.name ?? ''} onChange={(value) => setFilter('name', value)} />
        <OutcomeFilter value={filters.outcome ?? ''} onChange={(value) => setFilter('outcome', value)} />
        <StateFilter value={filters.open ?? ''} onChange={(value) => setFilter('open', value)} />
      </div>
      {error && <Failure error={error} onRetry={pages.reload} />}
      {!data && !error && <Loading height="h300" />}
      {data?.items.length === 0 && (
        <Empty>
          <p>No comparison is like that.</p>
        </Empty>
      )}
      {data && data.items.length > 0 && <Rows items={data.items} reload={pages.reload} />}
      <Pager {...pages} />
    </div>
  );
}

function Rows({ items, reload }: { items: readonly ComparisonSummary[]; reload: () => void }) {
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <TimeHeads />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row">
                <Link href={`/comparisons/${item.id}`}>
                  <Name>{item.name}</Name>
                </Link>
                <WhenOfName item={item} />
              </th>
              <td>
                <StateBadge outcome={item.outcome} />
              </td>
              <TimeCells item={item} />
              <td>{item.outcome !== null && <DeleteComparison item={item} reload={reload} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DeleteComparison({ item, reload }: { item: ComparisonSummary; reload: () => void }) {
  const [withExperiments, setWith] = useState(true);
  return (
    <Confirm
      danger
      label="Delete"
      accessibleLabel={`Delete ${item.name}`}
      leaveLabel="Keep it"
      title={`Delete “${item.name}”?`}
      onConfirm={async () => {
        await request(`/api/comparisons/${item.id}?experiments=${withExperiments}`, { method: 'DELETE' });
        reload();
      }}
    >
      <p>Its report, and all that was kept of it. This cannot be undone.</p>
      <label className="row">
        <input
          type="checkbox"
          checked={withExperiments}
          onChange={(event) => setWith(event.target.checked)}
        />
        Its experiments with their results too
      </label>
    </Confirm>
  );
}
