import type { TargetNote, TechnologyCard } from './card.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { nats } from './nats.ts';
import type { PriceBook } from './prices.ts';

/** Every technology; adding one starts with a line here. */
export const technologies = { kafka, kinesis, nats } as const satisfies Record<string, TechnologyCard>;

export type TechnologyId = keyof typeof technologies;
export const technologyIds = Object.keys(technologies) as [TechnologyId, ...TechnologyId[]];

/** The card of a technology. */
export function technologyCard(id: TechnologyId): TechnologyCard {
  return technologies[id] as TechnologyCard;
}

/** The card by a name that was stored or typed, which may be none of ours; null then. */
export function findTechnology(id: string): TechnologyCard | null {
  // By its own names alone: any object also has a `constructor`.
  return Object.hasOwn(technologies, id) ? technologyCard(id as TechnologyId) : null;
}

/** The prices of every card. */
export const listPrices: PriceBook = Object.fromEntries(
  technologyIds.map((id) => [id, technologyCard(id).prices]),
);

/** Whether a technology is emulated on a target; false where either is none of ours. */
export function isEmulated(technology: string, target: string): boolean {
  const targets: Record<string, TargetNote> = findTechnology(technology)?.targets ?? {};
  return (Object.hasOwn(targets, target) && targets[target]?.emulated) || false;
}
