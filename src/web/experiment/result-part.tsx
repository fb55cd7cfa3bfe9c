import { useMemo } from 'react';
import { toldLadder, toldMeasurement } from '../../analysis/latency/told.ts';
import { formatCount, formatMs, formatRate } from '../../analysis/report/format.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Result } from '../../contracts/documents/result.ts';
import type { LatencyKind } from '../../contracts/input/metric.ts';
import { getJson, getText } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { DownloadButton } from '../parts/download-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { CostTable } from '../result/cost-table.tsx';
import { Environment } from '../result/environment.tsx';
import { LadderPart } from '../result/ladder-part.tsx';
import { LatencyWindow } from '../result/latency-window.tsx';
import { GuaranteeTable, LedgerTable, SpeedTable } from '../result/measured-tables.tsx';
import { ProductTable } from '../result/product-table.tsx';
import { SeriesCharts, secondsOfLines } from '../result/series.tsx';
import type { WithHistogram } from '../result/use-curves.ts';
import { requirementInWords, VerdictList } from '../result/verdict-list.tsx';

/** What an experiment measured: the verdict first, then what it follows from. */
export function ResultPart({ detail }: { detail: ExperimentDetail }) {
  const { links } = detail;
  const result = useResource(links.result, async (signal) =>
    told(await getJson<Result>(links.result ?? '', signal)),
  );
  if (result.error) return <Failure error={result.error} onRetry={result.reload} />;
  return result.data ? <ResultView result={result.data} detail={detail} /> : <Loading height="view" />;
}

/** Results of earlier releases have percentiles of one or two messages. */
function told(result: Result): Result {
  return {
    ...result,
    measurement: toldMeasurement(result.measurement),
    ladder: toldLadder(result.ladder),
  };
}

function ResultView({ result, detail }: { result: Result; detail: ExperimentDetail }) {
  const { measurement, verdicts, guarantee } = result;
  const columns = [{ label: result.name, measurement, guarantee }];
  return (
    <>
      <section className="card stack" aria-labelledby="answer">
        <h2 id="answer" className="hidden-visually">
          Answer
        </h2>
        <p className="answer">{harmless(answerOf(result))}</p>
        <VerdictList verdicts={verdicts} />
        <Warnings result={result} />
        <Headline result={result} />
        <Downloads detail={detail} isMeasured={measurement !== null} />
      </section>
      {measurement && (
        <section className="card stack" aria-labelledby="percentiles">
          <h2 id="percentiles">Latency by percentile</h2>
          <LatencyWindow id={detail.id} whole={histogramsOf(result)} />
          <SpeedTable columns={columns} />
        </section>
      )}
      {detail.links.timeseries && <Series path={detail.links.timeseries} name={result.name} />}
      <section className="card stack" aria-labelledby="ledger">
        <h2 id="ledger">Where every message went</h2>
        <LedgerTable columns={columns} />
        {result.refusals.map(({ reason, outcome, messages }) => (
          <p key={`${reason} ${outcome}`}>
            {formatCount(messages)} {outcome === 'failed' ? 'refused' : 'in doubt'}: {reason}
          </p>
        ))}
      </section>
      {guarantee && (
        <section className="card stack" aria-labelledby="guarantee">
          <h2 id="guarantee">What an acknowledged message survives</h2>
          <GuaranteeTable columns={columns} />
        </section>
      )}
      <LadderPart columns={[{ label: result.name, ladder: result.ladder }]} />
      <ProductTable columns={[{ label: result.name, product: result.product }]} />
      <CostTable columns={[{ label: result.name, cost: result.cost }]} explained />
      <Environment result={result} />
    </>
  );
}

/** What it comes to, in a sentence. */
function answerOf({ verdicts, measurement, failure, capacity, name }: Result): string {
  if (!measurement)
    return failure ? `${name} measured nothing: ${failure.message}` : `${name} measured nothing.`;
  const found = capacity?.sustainableMessagesPerSecond;
  if (capacity && verdicts.length === 0)
    return found
      ? `${name} carries ${formatRate(found)} messages/s.`
      : `${name} did not carry even the lowest rate that was tried.`;
  if (verdicts.length === 0) return `${name} was measured, without requirements to meet.`;
  const missed = verdicts.filter(({ verdict }) => verdict === 'not-met');
  if (missed.length > 0) {
    return `${name} does not meet ${missed.length} of ${verdicts.length}: ${missed.map(requirementInWords).join('; ')}.`;
  }
  const open = verdicts.filter(({ verdict }) => verdict !== 'met');
  if (open.length > 0) return `${name} leaves ${open.length} of ${verdicts.length} requirements undecided.`;
  return verdicts.length === 1
    ? `${name} meets its requirement.`
    : `${name} meets all ${verdicts.length} requirements.`;
}

function Warnings({ result }: { result: Result }) {
  const { emulated, partial, loadGenerator, disturbances = [], ceiling, measurement } = result;
  const notes = [
    ...(emulated
      ? ['The product was EMULATED here: its speed says nothing of the real service, and decides no verdict.']
      : []),
    ...(partial ? ['The measurement was cut short.'] : []),
    ...(loadGenerator?.limited
      ? [`The load generator was the limit: ${loadGenerator.evidence.join('; ')}.`]
      : []),
    ...(measurement?.steady === false ? [`It was not steady: ${measurement.steadyReason}.`] : []),
    ...(ceiling?.exceeded ? [`The load is beyond the published limit: ${ceiling.source}.`] : []),
    ...disturbances,
  ];
  return notes.map((note) => (
    <p key={note} className="notice open">
      {note}
    </p>
  ));
}

function Headline({ result: { measurement, capacity } }: { result: Result }) {
  if (!measurement) return null;
  const { throughput, latency, messages } = measurement;
  const facts: [string, string][] = [
    ['end-to-end p50', `${formatMs(latency.endToEnd.p50Ms)} ms`],
    ['end-to-end p99', `${formatMs(latency.endToEnd.p99Ms)} ms`],
    ['consumed', `${formatRate(throughput.consumed.messagesPerSecond)}/s`],
    ['lost', formatCount(messages.lost)],
  ];
  if (capacity) facts.unshift(['carries', `${formatRate(capacity.sustainableMessagesPerSecond)}/s`]);
  return <Facts facts={facts} />;
}

function histogramsOf({ name, measurement }: Result): WithHistogram[] {
  const latency = measurement?.latency;
  if (!latency) return [];
  return [
    { name: `${name}, end to end`, histogram: latency.endToEnd.histogram },
    { name: 'publish', histogram: latency.publish.histogram },
  ];
}

function Series({ path, name }: { path: string; name: string }) {
  const { data, error, reload } = useResource(path, (signal) =>
    getText(path, 'application/x-ndjson', signal),
  );
  const series = useMemo(() => (data ? [{ name, seconds: secondsOfLines(data) }] : []), [data, name]);
  return (
    <section className="card stack" aria-labelledby="series">
      <h2 id="series">Second by second</h2>
      <p className="soft small">
        Drag over a chart to look closer; double click to see all again. What comes after the measured time is
        the drain.
      </p>
      {error && <Failure error={error} onRetry={reload} />}
      {data ? <SeriesCharts series={series} /> : !error && <Loading height="h300" />}
    </section>
  );
}

function Downloads({ detail: { id, links }, isMeasured }: { detail: ExperimentDetail; isMeasured: boolean }) {
  const report = `/api/report?experiment=${encodeURIComponent(id)}`;
  const histogram = (kind: LatencyKind) =>
    isMeasured ? `/api/experiments/${encodeURIComponent(id)}/histograms/${kind}.hgrm` : null;
  const files: [string, string | null, string, string][] = [
    ['Report (HTML)', report, 'text/html', `${id}.html`],
    ['Report (Markdown)', report, 'text/markdown', `${id}.md`],
    ['Result with histograms (JSON)', links.result, 'application/json', `${id}.json`],
    ['Seconds (NDJSON)', links.timeseries, 'application/x-ndjson', `${id}.ndjson`],
    ['End to end (.hgrm)', histogram('endToEnd'), 'text/plain', `${id}-endToEnd.hgrm`],
    ['Publish (.hgrm)', histogram('publish'), 'text/plain', `${id}-publish.hgrm`],
  ];
  return (
    <div className="row">
      {files.map(
        ([label, path, accept, name]) =>
          path && <DownloadButton key={label} label={label} path={path} accept={accept} name={name} />,
      )}
    </div>
  );
}
