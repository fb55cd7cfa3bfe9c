import { useEffect, useMemo, useRef, useState } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { formatCount, formatMs } from '../../analysis/report/format.ts';
import type { Latency, LatencyInterval } from '../../contracts/documents/metrics.ts';
import type { LatencyKind } from '../../contracts/input/metric.ts';
import { ApiError, getText } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { Facts } from '../parts/facts.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { Curves } from './curves.tsx';
import type { WithHistogram } from './use-curves.ts';

interface WindowProps {
  id: string;
  /** What the whole measurement shows, beside the part. */
  whole: readonly WithHistogram[];
}

/** The percentiles of the whole, and of any part of the measured time for which histograms were kept. */
export function LatencyWindow({ id, whole }: WindowProps) {
  const [isOpen, setOpen] = useState(false);
  const [part, setPart] = useState<WithHistogram | null>(null);
  return (
    <>
      <Curves histograms={part ? [...whole, part] : whole} />
      {isOpen ? (
        <PartOfTime id={id} onPart={setPart} />
      ) : (
        <p>
          <button type="button" className="button" onClick={() => setOpen(true)}>
            Look at a part of the time
          </button>
        </p>
      )}
    </>
  );
}

interface PartProps {
  id: string;
  onPart: (part: WithHistogram) => void;
}

function PartOfTime({ id, onPart }: PartProps) {
  const path = `/api/experiments/${encodeURIComponent(id)}/histograms/intervals.ndjson`;
  const lines = useResource(path, (signal) => getText(path, 'application/x-ndjson', signal));
  const { intervals, error } = useIntervals(lines.data);
  const [chosen, setChosen] = useState<readonly [number, number] | null>(null);
  const edges = useMemo(() => edgesOf(intervals), [intervals]);
  const [least = 0, most = 0] = [edges[0], edges.at(-1)];
  const [from, until] = chosen ?? [least, most];
  const latencies = useLatenciesWithin(intervals, from, until);
  const place = useRef<HTMLElement>(null);
  // The button that was pressed is gone; who presses keys goes on here.
  useEffect(() => place.current?.focus(), []);
  const histogram = latencies?.endToEnd.histogram ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another listener is nothing new to tell
  useEffect(() => {
    if (histogram) onPart({ name: `end to end, ${from} to ${until} s`, histogram });
  }, [histogram, from, until]);
  return (
    <section ref={place} tabIndex={-1} className="stack" aria-label="A part of the measured time">
      {lines.error && <Failure error={lines.error} onRetry={lines.reload} />}
      {error && <Failure error={error} />}
      {lines.loading && <Loading height="h300" />}
      {lines.data !== null && !error && edges.length < 3 && (
        <p className="soft">It has one interval only, of which no part can be told.</p>
      )}
      {edges.length > 2 && (
        <Slider
          className="slider"
          minValue={least}
          maxValue={most}
          step={(edges[1] ?? 1) - least}
          formatOptions={{ style: 'unit', unit: 'second', unitDisplay: 'long' }}
          value={[from, until]}
          onChange={(value) => {
            // At least one interval stays between them.
            const [first = least, last = most] = value;
            if (first < last) setChosen([first, last]);
          }}
        >
          <div className="row spread">
            <Label>Part of the measured time</Label>
            <SliderOutput>
              {from} to {until} s
            </SliderOutput>
          </div>
          <SliderTrack className="slider-track">
            <SliderThumb index={0} className="slider-thumb" aria-label="From" />
            <SliderThumb index={1} className="slider-thumb" aria-label="Until" />
          </SliderTrack>
        </Slider>
      )}
      {latencies && <Facts facts={factsOf(latencies)} />}
    </section>
  );
}

/** What can be read of histograms comes with what decodes them. */
function useIntervals(lines: string | null): {
  intervals: readonly LatencyInterval[];
  error: ApiError | null;
} {
  const [state, setState] = useState<ReturnType<typeof useIntervals>>({ intervals: [], error: null });
  useEffect(() => {
    if (lines === null) return;
    let isCurrent = true;
    import('../../analysis/latency/window.ts')
      .then(({ intervalsOfLines }) => ({ intervals: intervalsOfLines(lines), error: null }))
      .catch((error) => ({ intervals: [], error: new ApiError(`They cannot be read: ${error}`, null) }))
      .then((read) => {
        if (isCurrent) setState(read);
      });
    return () => {
      isCurrent = false;
    };
  }, [lines]);
  return state;
}

function useLatenciesWithin(
  intervals: readonly LatencyInterval[],
  from: number,
  until: number,
): Record<LatencyKind, Latency> | null {
  const [latencies, setLatencies] = useState<Record<LatencyKind, Latency> | null>(null);
  useEffect(() => {
    if (intervals.length === 0) return;
    let isCurrent = true;
    // Whoever read the intervals has loaded it already.
    import('../../analysis/latency/window.ts').then(
      ({ latenciesWithin }) => {
        if (isCurrent) setLatencies(latenciesWithin(intervals, from, until));
      },
      () => {},
    );
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
