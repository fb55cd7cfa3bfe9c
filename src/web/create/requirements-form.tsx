import { metricPaths } from '../../contracts/input/metric.ts';
import { metricInWords } from '../result/verdict-list.tsx';
import { useForm } from './use-draft.ts';

const usual = [
  'latency.endToEnd.p99Ms',
  'latency.endToEnd.p50Ms',
  'latency.endToEnd.p999Ms',
  'latency.publish.p99Ms',
  'messages.lost',
  'messages.failed',
  'throughput.consumed.messagesPerSecond',
];

/** What a variant has to meet, a sentence each. */
export function RequirementsForm() {
  const { draft, set } = useForm();
  const { requirements } = draft;
  return (
    <div className="stack">
      {requirements.length === 0 && (
        <p className="soft">Without requirements it is measured, and nothing is recommended.</p>
      )}
      {requirements.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: requirements are their places
        <Requirement key={index} index={index} />
      ))}
      <p>
        <button
          type="button"
          className="button"
          onClick={() => set(['requirements'], [...requirements, { metric: usual[0], atMost: 50 }])}
        >
          Add a requirement
        </button>
      </p>
    </div>
  );
}

function Requirement({ index }: { index: number }) {
  const { draft, set, faultAt } = useForm();
  const requirement = draft.requirements[index] ?? {};
  const metric = String(requirement.metric ?? '');
  const bound = 'atLeast' in requirement ? 'atLeast' : 'atMost';
  const value = requirement[bound];
  const path = ['requirements', index] as const;
  const fault = faultAt(...path) ?? faultAt(...path, 'metric') ?? faultAt(...path, bound);
  const number = index + 1;
  return (
    <div>
      <div className="requirement">
        <select
          aria-label={`Requirement ${number}: metric`}
          value={metric}
          onChange={(event) => set([...path, 'metric'], event.target.value)}
        >
          <optgroup label="Usual">{usual.map(option)}</optgroup>
          <optgroup label="All others">
            {metricPaths.filter((one) => !usual.includes(one)).map(option)}
          </optgroup>
        </select>
        <select
          aria-label={`Requirement ${number}: bound`}
          value={bound}
          onChange={(event) => set(path, { metric, [event.target.value]: value })}
        >
          <option value="atMost">at most</option>
          <option value="atLeast">at least</option>
        </select>
        <input
          aria-label={`Requirement ${number}: value${unitOf(metric)}`}
          aria-invalid={fault !== undefined}
          className="number"
          inputMode="decimal"
          value={value === undefined ? '' : String(value)}
          onChange={(event) => {
            const typed = Number(event.target.value);
            set(
              [...path, bound],
              event.target.value === '' || Number.isNaN(typed) ? event.target.value : typed,
            );
          }}
        />
        <button
          type="button"
          className="button quiet"
          aria-label={`Remove requirement ${number}`}
          onClick={() => set(['requirements'], draft.requirements.toSpliced(index, 1))}
        >
          Remove
        </button>
      </div>
      {fault && <p className="fault">{fault}</p>}
    </div>
  );
}

function option(path: string) {
  return (
    <option key={path} value={path}>
      {metricInWords(path)}
      {unitOf(path)}
    </option>
  );
}

function unitOf(path: string): string {
  return path.endsWith('Ms') ? ', ms' : path.endsWith('Seconds') ? ', s' : '';
}
