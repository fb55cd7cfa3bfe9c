import { useEffect, useMemo, useState } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { formatCount, formatMs } from '../../analysis/report/format.ts';
import type { Latency, LatencyInterval } from '../../contracts/documents/metrics.ts';
import type { LatencyKind } from '../../contracts/input/metric.ts';
import { PercentileChart } from '../charts/percentile-chart.tsx';
import { getText } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { Facts } from '../parts/facts.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { useCurves, type WithHistogram } from './use-curves.ts';

interface WindowProps {
  id: string;
  /** What the whole measurement shows, beside the part. */
  whole: readonly WithHistogram[];
}

/** The percentiles of any part of the measured time: of the intervals for which histograms were kept. */
export function LatencyWindow({ id, whole }: WindowProps) {
  const [isOpen, setOpen] = useState(false);
  return isOpen ? (
    <OpenWindow id={id} whole={whole} />
  ) : (
    <>
      <Percentiles histograms={whole} />
      <p>
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Look at a part of the time
        </button>
      </p>
    </>
  );
}

function OpenWindow({ id, whole }: WindowProps) {
  const path = `/api/experiments/${encodeURIComponent(id)}/histograms/intervals.ndjson`;
  const { data, error, reload } = useResource(path, (signal) =>
    getText(path, 'application/x-ndjson', signal),
  );
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  const intervals = useIntervals(data);
  const edges = useMemo(() => edgesOf(intervals), [intervals]);
  const [from = 0, until = edges.length - 1] = chosen ?? [];
  const seconds = [edges[from] ?? 0, edges[until] ?? 0] as const;
  const latencies = useLatenciesWithin(intervals, seconds);
  const histograms = latencies
    ? [
        ...whole,
        { name: `end to end, ${seconds[0]} to ${seconds[1]} s`, histogram: latencies.endToEnd.histogram },
      ]
    : whole;
  if (error) return <Failure error={error} onRetry={reload} />;
  if (edges.length === 0) return <Loading height="h300" />;
  return (
    <>
      <Percentiles histograms={histograms} />
      <Slider
        className="slider"
        minValue={0}
        maxValue={edges.length - 1}
        value={[from, until]}
        onChange={(value) => {
          // At least one interval stays between them.
          const [first = 0, last = 0] = value as number[];
          if (first < last) setChosen([first, last]);
        }}
      >
        <div className="row spread">
          <Label>Part of the measured time</Label>
          <SliderOutput>
            {seconds[0]} to {seconds[1]} s
          </SliderOutput>
        </div>
        <SliderTrack className="slider-track">
          <SliderThumb index={0} className="slider-thumb" aria-label="From" />
          <SliderThumb index={1} className="slider-thumb" aria-label="Until" />
        </SliderTrack>
      </Slider>
      {latencies && <Facts facts={factsOf(latencies)} />}
    </>
  );
}

function Percentiles({ histograms }: { histograms: readonly WithHistogram[] }) {
  const curves = useCurves(histograms);
  return curves ? <PercentileChart curves={curves} /> : <Loading height="h300" />;
}

/** What can be read of histograms comes with what decodes them. */
function useIntervals(lines: string | null): readonly LatencyInterval[] {
  const [intervals, setIntervals] = useState<readonly LatencyInterval[]>([]);
  useEffect(() => {
    if (lines === null) return;
    let isCurrent = true;
    void import('../../analysis/latency/window.ts').then(({ intervalsOfLines }) => {
      if (isCurrent) setIntervals(intervalsOfLines(lines));
    });
    return () => {
      isCurrent = false;
    };
  }, [lines]);
  return intervals;
}

function useLatenciesWithin(
  intervals: readonly LatencyInterval[],
  [from, until]: readonly [number, number],
): Record<LatencyKind, Latency> | null {
  const [latencies, setLatencies] = useState<Record<LatencyKind, Latency> | null>(null);
  useEffect(() => {
    if (intervals.length === 0) return;
    let isCurrent = true;
    void import('../../analysis/latency/window.ts').then(({ latenciesWithin }) => {
      if (isCurrent) setLatencies(latenciesWithin(intervals, from, until));
    });
    return () => {
      isCurrent = false;
    };
  }, [intervals, from, until]);
  return latencies;
}

/** Seconds at which one interval ends or the next begins. */
function edgesOf(intervals: readonly LatencyInterval[]): number[] {
  const seconds = intervals.flatMap(({ fromSecond, untilSecond }) => [fromSecond, untilSecond]);
  return [...new Set(seconds)].sort((a, b) => a - b);
}

function factsOf({ endToEnd, publish }: Record<LatencyKind, Latency>): [string, string][] {
  return [
    ['messages', formatCount(endToEnd.count)],
    ['end-to-end p50', `${formatMs(endToEnd.p50Ms)} ms`],
    ['end-to-end p99', `${formatMs(endToEnd.p99Ms)} ms`],
    ['end-to-end maximum', `${formatMs(endToEnd.maxMs)} ms`],
    ['publish p99', `${formatMs(publish.p99Ms)} ms`],
  ];
}
