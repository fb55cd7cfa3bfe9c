import type { Target } from '../../../src/technologies/card.ts';
import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { kafkaExisting } from './existing/kafka.ts';
import { kinesisExisting } from './existing/kinesis.ts';
import { natsExisting } from './existing/nats.ts';
import { kafkaAws } from './kafka-aws.ts';
import { kafkaLocal } from './kafka-local.ts';
import { kinesisAws } from './kinesis-aws.ts';
import { kinesisLocal } from './kinesis-local.ts';
import { natsAws } from './nats-aws.ts';
import { natsLocal } from './nats-local.ts';
import type { Placement } from './placement.ts';

/** Every technology on every target where it can run; adding one means a line here. */
export const placements: Record<TechnologyId, { [target in Target]?: Placement }> = {
  kafka: { local: kafkaLocal, existing: kafkaExisting, aws: kafkaAws },
  kinesis: { local: kinesisLocal, existing: kinesisExisting, aws: kinesisAws },
  nats: { local: natsLocal, existing: natsExisting, aws: natsAws },
};

/** A technology on a target, and what this code knows of it. */
export interface Subject {
  technology: TechnologyId;
  target: Target;
  placement: Placement;
}

export function everySubject(): Subject[] {
  return Object.entries(placements).flatMap(([technology, targets]) =>
    Object.entries(targets).map(
      ([target, placement]): Subject => ({
        technology: technology as TechnologyId,
        target: target as Target,
        placement,
      }),
    ),
  );
}
