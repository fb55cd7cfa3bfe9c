import type { ReportColumn } from '../../contracts/documents/api.ts';
import { followsFromSpeed } from '../../contracts/input/metric.ts';

type Marks = Pick<ReportColumn, 'emulated' | 'partial' | 'measurement' | 'loadGenerator'>;

/** What keeps a metric of a column from telling what the product does; null for nothing. As in verdicts. */
export function flawIn(column: Marks, metric: string): string | null {
  const { emulated, partial, measurement, loadGenerator } = column;
  const isByDelay = metric === 'messages.lost' || metric === 'messages.duplicated';
  const isCount = metric.startsWith('messages.');
  // The product's own refusals are certain, however fast the load generator.
  const isOwn = metric === 'messages.failed' || metric === 'messages.throttled';
  if (!followsFromSpeed(metric) && !isByDelay) return partial ? 'it was cut short' : null;
  if (emulated) return 'it is emulated';
  if (partial) return 'it was cut short';
  if (loadGenerator?.limited && !isOwn) return 'the load generator was the limit';
  if (measurement?.steady === false && !isCount) return 'it was not steady';
  return null;
}

/** Why a metric of either says nothing of the product, and of which; null where it does. */
export function flawOfEither(then: Marks, now: Marks, metric: string): string | null {
  const [earlier, later] = [flawIn(then, metric), flawIn(now, metric)];
  if (earlier && earlier === later) return `${earlier}, then and now`;
  if (earlier) return `${earlier}, then`;
  return later && `${later}, now`;
}
