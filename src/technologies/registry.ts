import type { TechnologyCard } from './card.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { nats } from './nats.ts';

/** Every technology; adding one starts with a line here. */
export const technologies = { kafka, kinesis, nats } as const satisfies Record<string, TechnologyCard>;

export type TechnologyId = keyof typeof technologies;
export const technologyIds = Object.keys(technologies) as [TechnologyId, ...TechnologyId[]];

/** The card of a technology. */
export function technologyCard(id: TechnologyId): TechnologyCard {
  return technologies[id] as TechnologyCard;
}
