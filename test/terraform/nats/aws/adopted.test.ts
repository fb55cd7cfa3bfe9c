import { adoptionSuite } from '../../support/adoption.ts';

adoptionSuite({
  technology: 'nats',
  settings: { hosting: 'fargate', replicas: 3 },
  killedAfter: [0, 1, 4, 7, 10, 13, 16, 19, 22, 25],
  output: (stream) => ({
    endpoint: { serverTasks: 3, stream, subjectPrefix: stream },
    product: { name: 'NATS Server' },
  }),
  recalled: {},
});
