import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { projectRoot } from '../../src/config.ts';
import { type TechnologyId, technologies, technologyIds } from '../../src/technologies/registry.ts';

/** Settings that the clients honour, and no infrastructure; and `durability`, which only fills in others. */
const ofClients: Record<TechnologyId, string[]> = {
  kafka: [
    'durability',
    'acks',
    'batchSizeBytes',
    'compression',
    'consumerClient',
    'idempotence',
    'lingerMs',
    'producerClient',
  ],
  kinesis: ['durability', 'enforceQuotas', 'lingerMs', 'maxInFlightRequests'],
  nats: ['durability', 'consumer', 'maxAckPending', 'publishMode', 'publishWindow'],
};

/** Settings that choose a root's other variables. */
const ofPlacements: Partial<Record<TechnologyId, string[]>> = {
  kafka: ['hosting', 'instanceType', 'kafkaVersion', 'storageGibibytes'],
  nats: ['hosting'],
};

/** Keys of the `settings` objects that the root modules of a technology take. */
function settingsOfRoots(technology: TechnologyId): string[] {
  const targets = Object.keys(technologies[technology].targets);
  return [...new Set(targets.flatMap((target) => settingsOfRoot(technology, target)))];
}

function settingsOfRoot(technology: string, target: string): string[] {
  const source = readFileSync(join(projectRoot, 'terraform', technology, target, 'variables.tf'), 'utf8');
  const [, body] = /variable "settings" \{[^}]*?type = object\(\{([^}]*)\}\)/.exec(source) ?? [];
  return [...(body ?? '').matchAll(/^ +(\w+) += /gm)].map(([, name]) => name as string);
}

test.each(technologyIds)('every setting of %s is taken by a root module or by its clients', (id) => {
  const { properties } = z.toJSONSchema(technologies[id].settings as z.ZodType, { io: 'input' });
  const settings = Object.keys(properties ?? {});
  expect([...settingsOfRoots(id), ...ofClients[id], ...(ofPlacements[id] ?? [])].sort()).toEqual(
    settings.sort(),
  );
});
