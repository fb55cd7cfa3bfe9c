import type { Driver } from '../../../loadgen/drivers/driver.ts';

/** A product that takes every message at once, and hands out none: what is then measured is the load generator's own. */
export const driver: Driver = {
  keepsOrder: false,
  clients: () => ({
    producer: { name: 'null', version: '1', adds: [] },
    consumer: { name: 'null', version: '1', adds: [] },
  }),
  createProducer: async ({ settle }) => ({
    send(message) {
      settle([message], 'acknowledged');
    },
    flush() {},
    giveUpWaiting() {},
    async close() {},
  }),
  createConsumer: async ({ assigned }) => {
    assigned([0], 1);
    return { async close() {} };
  },
};
