import { clientInWords } from '../../analysis/report/conditions/conditions.ts';
import { formatCount, formatMs } from '../../analysis/report/format.ts';
import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import { Name } from '../parts/name.tsx';

/** Under what it was measured: what is the same for all once, and settings that differ side by side. */
export function Conditions({ report: { columns } }: { report: Report }) {
  const names = settingNames(columns);
  return (
    <section className="card stack" aria-labelledby="r-conditions">
      <h2 id="r-conditions">Under what it was measured</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Settings and environment of each variant">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden-visually">What</span>
              </th>
              {columns.map(({ label, experimentId }) => (
                <th key={experimentId} scope="col">
                  <Name>{label}</Name>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {facts.map(([name, of]) => (
              <Line key={name} name={name} values={columns.map(of)} columns={columns} />
            ))}
            {names.map((name) => (
              <Line
                key={`setting ${name}`}
                name={name}
                isSetting
                values={columns.map(({ settings }) => valueInWords(settings[name]))}
                columns={columns}
              />
            ))}
          </tbody>
        </table>
      </section>
      {names.length > 0 && (
        <p className="soft small">Settings that are the default everywhere are left out.</p>
      )}
    </section>
  );
}

const facts: [string, (column: ReportColumn) => string][] = [
  ['Product', ({ productName, technology }) => productName ?? technology],
  ['Load', ({ workload }) => workload ?? '–'],
  ['Machine', ({ machine }) => machine ?? '–'],
  ['Produced by', ({ clients }) => (clients ? clientInWords(clients.producer) : '–')],
  ['Consumed by', ({ clients }) => (clients ? clientInWords(clients.consumer) : '–')],
  ['Load generator sent late by itself, p50 and p99', ({ loadGenerator }) => ownLateness(loadGenerator)],
  [
    'Messages by partition, shard or subject',
    ({ measurement }) => measurement?.perPartition?.map(formatCount).join(', ') || '–',
  ],
];

/** It is in every latency from the intended time on. */
function ownLateness(loadGenerator: ReportColumn['loadGenerator']): string {
  const { ownLateSendP50Ms = null, ownLateSendP99Ms = null } = loadGenerator ?? {};
  return ownLateSendP99Ms === null
    ? '–'
    : `${formatMs(ownLateSendP50Ms)} and ${formatMs(ownLateSendP99Ms)} ms`;
}

interface LineProps {
  name: string;
  values: readonly string[];
  columns: readonly ReportColumn[];
  isSetting?: boolean;
}

function Line({ name, values, columns, isSetting = false }: LineProps) {
  const isSame = values.every((value) => value === values[0]);
  const label = isSetting ? <code>{name}</code> : name;
  return (
    <tr>
      <th scope="row">{label}</th>
      {isSame && values.length > 1 ? (
        <td colSpan={values.length}>
          {values[0]} <span className="soft small">(all)</span>
        </td>
      ) : (
        values.map((value, index) => <td key={columns[index]?.experimentId}>{value}</td>)
      )}
    </tr>
  );
}

function settingNames(columns: readonly ReportColumn[]): string[] {
  return [...new Set(columns.flatMap(({ settings }) => Object.keys(settings)))];
}

function valueInWords(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
