import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/config.ts';
import { kafkaSettingsSchema } from '../../src/technologies/kafka/settings.ts';

test.each([
  [{ producerClient: 'flat' }, true],
  [{ producerClient: 'flat', acks: 1 }, false],
  [{ producerClient: 'flat', idempotence: false }, false],
  [{ producerClient: 'kafkajs' }, false],
  [{ producerClient: 'platformatic' }, false],
] as const)('with %j, idempotence is %p', (settings, idempotence) => {
  expect(kafkaSettingsSchema.parse(settings)).toMatchObject({ idempotence });
});

test("NATS' syncInterval reaches the configuration of its servers", () => {
  const root = readFileSync(join(projectRoot, 'terraform/nats/local/main.tf'), 'utf8');
  const [, configuration] = /configuration = \{([\s\S]*?)\n {2}\}/.exec(root) ?? [];
  expect(configuration).toMatch(/jetstream = \{[\s\S]*\bsync_interval = var\.settings\.syncInterval\n/);
  expect(root).toMatch(/content = jsonencode\(local\.configuration\[name\]\)/);
});
