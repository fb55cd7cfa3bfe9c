import type { MeasureOrder } from '../../../loadgen/session/measurement.ts';
import type { Session } from '../../../loadgen/session/session.ts';
import type { ConsumePart, ProducePart } from '../../../src/contracts/documents/load-parts.ts';
import { measuredSchedule } from '../../../src/contracts/input/load/schedule.ts';

/** The measurement that the session's workload asks for, in a moment. */
export function orderOf({ input }: Session, inMs = 100): MeasureOrder {
  return { startAtEpochMs: Date.now() + inMs, schedule: measuredSchedule(input.workload), probe: null };
}

/** Measures on an open session, both ends at once. */
export async function measureBoth(
  session: Session,
  order = orderOf(session),
): Promise<{ produced: ProducePart; consumed: ConsumePart }> {
  const [produced, consumed] = await Promise.all([session.produce(order), session.consume(order)]);
  return { produced: produced.part, consumed: consumed.part };
}
