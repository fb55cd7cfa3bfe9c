import { adoptionSuite } from '../../support/adoption.ts';

adoptionSuite({
  technology: 'kinesis',
  settings: { shards: 2 },
  killedAfter: [0, 1, 3, 5, 7, 9, 11, 13, 15, 17],
  output: (streamName) => ({
    endpoint: { streamName, endpointUrl: null },
    product: { name: 'Amazon Kinesis' },
  }),
  recalled: { consumer: 'enhanced-fan-out' },
});
