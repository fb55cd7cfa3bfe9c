import type { Target } from '../../src/technologies/card.ts';
import type { TechnologyId } from '../../src/technologies/registry.ts';
import type { InfrastructureEntry } from './entry.ts';
import { kafkaLocal } from './kafka.ts';
import { kinesisLocal } from './kinesis.ts';
import { natsLocal } from './nats.ts';

/** Every technology on every target where it can run; adding one means a line here. */
export const infrastructureEntries: Record<TechnologyId, { [target in Target]?: InfrastructureEntry }> = {
  kafka: { local: kafkaLocal },
  kinesis: { local: kinesisLocal },
  nats: { local: natsLocal },
};
