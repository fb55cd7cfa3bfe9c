import { expect, test } from '@jest/globals';
import { judgeProbe } from '../../src/analysis/rates/probes.ts';
import { resultDocument } from '../../src/analysis/result-document.ts';
import type { ConsumePart, ProducePart } from '../../src/contracts/documents/load-parts.ts';
import type { Requirement } from '../../src/contracts/input/requirement.ts';
import { experimentSpec } from '../support/documents.ts';
import { consumePart, histogramOf, mixedHistogram, producePart, undisturbed } from '../support/load-parts.ts';

const messages = 20_000;
const counts = { scheduled: messages, acknowledged: messages, acknowledgedInTime: messages };

interface Given {
  produced?: Partial<ProducePart>;
  consumed?: Partial<ConsumePart>;
}

function partsOf({ produced = {}, consumed = {} }: Given) {
  return [
    producePart({
      ...counts,
      publish: histogramOf(messages, 3_000),
      publishScheduled: histogramOf(messages, 3_000),
      ownLateness: histogramOf(messages, 100),
      ...produced,
    }),
    consumePart({
      received: messages,
      receivedInTime: messages,
      endToEnd: histogramOf(messages, 5_000),
      ...consumed,
    }),
  ];
}

/** As a run of the load that is passed judgement on. */
function verdictOn(requirement: Requirement, given: Given) {
  const spec = experimentSpec({ requirements: [requirement] });
  const document = resultDocument(
    {
      experimentId: 'experiment-1',
      runId: 'run',
      spec,
      ...undisturbed,
    },
    partsOf(given),
  );
  return { limited: document.loadGenerator?.limited, ...document.verdicts[0] };
}

const usage = (name: string, eventLoopDelayP99Ms: number) => ({
  threads: [{ name, cpuUtilization: 0.2, eventLoopDelayP99Ms, gcUtilization: 0 }],
});
const atMost = (metric: string, bound: number): Requirement => ({
  metric: `latency.${metric}`,
  atMost: bound,
});

/** One message in 200 was sent 200 ms late by the load generator itself; the rest takes 5 ms. */
const seldomLate: Given = {
  produced: {
    ownLateness: mixedHistogram([19_900, 100], [100, 200_000]),
    publishScheduled: mixedHistogram([19_900, 3_000], [100, 203_000]),
  },
  consumed: { endToEnd: mixedHistogram([19_900, 5_000], [100, 205_000]) },
};
const slowProducer: Given = {
  produced: { ...usage('producer 0', 15), publish: histogramOf(messages, 18_000) },
  consumed: { endToEnd: histogramOf(messages, 200_000) },
};
const slowConsumer: Given = {
  produced: { publish: histogramOf(messages, 18_000) },
  consumed: { ...usage('consumer 0', 15), endToEnd: histogramOf(messages, 200_000) },
};
/** Under 2 ms, as a timer is late on an idle machine, and yet most of the latency. */
const littleLate: Given = {
  produced: {
    ownLateness: histogramOf(messages, 1_200),
    publishScheduled: histogramOf(messages, 1_400),
  },
  consumed: { endToEnd: histogramOf(messages, 1_500) },
};
/** The product's own: one message in 200 takes 200 ms. */
const seldomSlow: Given = {
  produced: { publishScheduled: mixedHistogram([19_900, 3_000], [100, 203_000]) },
  consumed: { endToEnd: mixedHistogram([19_900, 5_000], [100, 205_000]) },
};

test.each<[string, Requirement, Given, string, string | null]>([
  ['p99.9', atMost('endToEnd.p999Ms', 50), seldomLate, 'undecided', 'itself sent 200 ms late (p99.9)'],
  ['max', atMost('endToEnd.maxMs', 50), seldomLate, 'undecided', 'itself sent 200 ms late (the maximum)'],
  ['scheduled', atMost('publishScheduled.p999Ms', 50), seldomLate, 'undecided', 'itself sent 200 ms late'],
  ['p50', atMost('endToEnd.p50Ms', 4), seldomLate, 'not-met', null],
  ['a bound that is kept', atMost('endToEnd.p99Ms', 50), seldomLate, 'met', null],
  ['the product alone', atMost('endToEnd.p999Ms', 50), seldomSlow, 'not-met', null],
  [
    'its confirmation',
    atMost('publish.p99Ms', 10),
    slowProducer,
    'undecided',
    'loop of producer 0 was 15 ms',
  ],
  ['half of them', atMost('publish.p50Ms', 10), slowProducer, 'not-met', null],
  ['what takes far longer', atMost('endToEnd.p99Ms', 100), slowProducer, 'not-met', null],
  [
    'less than a bound so low',
    atMost('endToEnd.p99Ms', 1),
    littleLate,
    'undecided',
    'sent 1.2 ms late (p99)',
  ],
  ['of its half too', atMost('publishScheduled.p50Ms', 1), littleLate, 'undecided', 'sent 1.2 ms late (p50)'],
  ['what is missed without it', atMost('endToEnd.p99Ms', 0.25), littleLate, 'not-met', null],
  ['too little to matter', atMost('endToEnd.p50Ms', 4.95), seldomLate, 'not-met', null],
  ['who does not see it', atMost('publish.p99Ms', 10), slowConsumer, 'not-met', null],
])('the load generator is to blame by the latency that is judged: %s', (_, bound, given, verdict, why) => {
  const judged = verdictOn(bound, given);
  expect(judged).toMatchObject({ limited: false, verdict });
  if (why) expect(judged.reason).toContain(why);
});

test('a probe too', () => {
  const { workload, target } = experimentSpec();
  const probe = (given: Given) =>
    judgeProbe({ messagesPerSecond: messages / 10, seconds: 1, hold: false }, partsOf(given), {
      workload,
      target,
      requirements: [atMost('endToEnd.p999Ms', 50)],
    });
  expect(probe(seldomLate)).toMatchObject({
    sustained: false,
    limited: true,
    reason: expect.stringContaining('itself sent 200 ms late (p99.9)'),
  });
  expect(probe(seldomSlow)).toMatchObject({ sustained: false, limited: false });
});
