import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineDriver } from '../../../loadgen/drivers/define-driver.ts';
import { shareOf } from '../../../loadgen/drivers/share.ts';

const card = {
  settings: z.strictObject({ acks: z.number().default(1) }),
  endpoint: z.object({ port: z.number() }),
  keepsOrder: true,
};

const driver = defineDriver(card, {
  clients: ({ acks }) => {
    const client = { name: `acks ${acks}`, version: null, adds: [] };
    return { producer: client, consumer: client };
  },
  createProducer: async ({ settings, endpoint, sessionName }) => {
    throw new Error(`${sessionName} sends to ${endpoint.port} with acks ${settings.acks}`);
  },
  createConsumer: async () => ({ close: async () => {} }),
});

test('a driver is given settings and endpoint by its card, defaults filled in', async () => {
  const context = { settings: {}, endpoint: { port: 7, more: 1 }, sessionName: 'it' };
  await expect(driver.createProducer(context as never)).rejects.toThrow('it sends to 7 with acks 1');
  expect(driver.clients({ acks: 2 }).producer.name).toBe('acks 2');
});

test('settings and endpoints that its card does not know never reach it', async () => {
  await expect(driver.createProducer({ settings: {}, endpoint: {} } as never)).rejects.toThrow(z.ZodError);
  expect(() => driver.clients({ lingerMs: 1 })).toThrow(z.ZodError);
});

test.each([
  [5, 0, 2, [0, 2, 4]],
  [5, 1, 2, [1, 3]],
  [2, 2, 3, []],
])('of %i partitions, consumer %i of %i reads %j', (total, index, count, share) => {
  expect(shareOf(total, { index, count })).toEqual(share);
});
