import { latencyMetric, partitionMetric } from '../../../contracts/input/metric.ts';

/** Of which a metric had better be; null where it is neither, as of the length of the schedule. */
export type Better = 'more' | 'less' | null;

/** Counts that tell how much came through; of all others, what should not have happened. */
const carried = ['messages.sent', 'messages.acknowledged', 'messages.received'];

export function betterOf(metric: string): Better {
  const isCarried = carried.includes(metric) || partitionMetric.test(metric);
  if (metric.startsWith('throughput.') || isCarried) return 'more';
  if (latencyMetric(metric)) return 'less';
  // Messages of which a latency is known.
  if (metric.startsWith('latency.')) return 'more';
  return metric.startsWith('messages.') && metric !== 'messages.scheduled' ? 'less' : null;
}
