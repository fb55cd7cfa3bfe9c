import { expect, test } from '@jest/globals';
import { judgeProbe } from '../../../src/analysis/rates/probes.ts';
import type { ConsumePart, ProducePart } from '../../../src/contracts/documents/load-parts.ts';
import type { Requirement } from '../../../src/contracts/input/requirement.ts';
import { experimentSpec } from '../../support/documents.ts';
import { consumePart, histogram, histogramOf, producePart } from '../../support/load-parts.ts';

/** What arrives in each second, in messages. */
const arriving = (...received: number[]): Partial<ConsumePart> => ({
  series: received.map((one, index) => ({
    second: index + 1,
    received: one,
    secondsLeft: one / 2,
    endToEndP50Ms: 1,
    endToEndP99Ms: 2,
  })),
});
const steady = { ...arriving(...Array(10).fill(1_000)), received: 10_000 };
const sent: Partial<ProducePart> = { scheduled: 10_000, acknowledged: 10_000 };
const p99: Requirement = { metric: 'latency.endToEnd.p99Ms', atMost: 2 };

function judge(
  produced: Partial<ProducePart>,
  consumed: Partial<ConsumePart>,
  requirements: Requirement[] = [],
) {
  return judgeProbe(
    { messagesPerSecond: 1_000, seconds: 10, hold: false },
    [producePart({ ...sent, ...produced }), consumePart(consumed)],
    experimentSpec({ requirements }),
  );
}

test.each<[string, ReturnType<typeof judge>, string]>([
  ['a rate that everything keeps up with', judge({}, steady), 'sustained'],
  [
    'messages that wait to arrive, but no more of them all the time',
    judge({}, arriving(500, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000)),
    'sustained',
  ],
  [
    'a hiccup that is made good',
    judge({}, arriving(1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 200, 1_800, 1_000, 1_000)),
    'sustained',
  ],
  ['2% too much', judge({}, arriving(...Array(10).fill(980))), 'the backlog grew by 20 messages/s'],
  ['nothing that arrives', judge({}, arriving()), 'the backlog grew by 1,000 messages/s'],
  ['what cannot be sent', judge({ unsent: 100 }, steady), 'only 99% of the scheduled messages could be sent'],
  ['what is refused', judge({ acknowledged: 9_900, failed: 100 }, steady), '1% of the messages were refused'],
  [
    'what is never confirmed',
    judge({ acknowledged: 9_900, indeterminate: 100 }, steady),
    '1% of the messages were never confirmed',
  ],
  [
    'what never arrives',
    judge({}, { ...steady, received: 9_900, lost: 100 }),
    '1% of the messages never arrived',
  ],
  ['a few that do not', judge({}, { ...steady, received: 9_950, lost: 50 }), 'sustained'],
  [
    'a requirement that is met',
    judge({}, { ...steady, endToEnd: histogramOf(10_000, 1_000) }, [p99]),
    'sustained',
  ],
  [
    'one that is not',
    judge({}, { ...steady, endToEnd: histogramOf(10_000, 3_000) }, [p99]),
    'latency.endToEnd.p99Ms: 3 ms is not at most 2 ms',
  ],
  [
    'a requirement on the throughput in the end',
    judge({}, steady, [{ metric: 'throughput.consumed.messagesPerSecond', atLeast: 5_000 }]),
    'sustained',
  ],
  [
    'counts of the whole measured time',
    judge({}, steady, [
      { metric: 'messages.acknowledged', atLeast: 100_000 },
      { metric: 'latency.endToEnd.count', atLeast: 100_000 },
    ]),
    'sustained',
  ],
  [
    'a requirement on what the product does not tell, as the order of one that promises none',
    judge({}, { ...steady, reordered: null }, [{ metric: 'messages.reordered', atMost: 0 }]),
    'sustained',
  ],
  [
    'a count that must not be passed',
    judge({}, { ...steady, duplicated: 3 }, [{ metric: 'messages.duplicated', atMost: 0 }]),
    'messages.duplicated: 3 is not at most 0',
  ],
  [
    'a generator that cannot',
    judge({ unsent: 5_000, ownLateness: histogram(40_000) }, steady),
    "only 50% of the scheduled messages could be sent; the load generator was the limit: messages were sent 40 ms late (p99) for want of the generator's own time",
  ],
])('%s', (_, probe, reason) => {
  expect(probe).toMatchObject({ reason, sustained: reason === 'sustained', messagesPerSecond: 1_000 });
});

test('a probe of which nothing is left was not sustained', () => {
  const probe = judgeProbe({ messagesPerSecond: 1_000, seconds: 10, hold: true }, [], experimentSpec());
  expect(probe).toMatchObject({
    sustained: false,
    reason: 'nothing was measured',
    hold: true,
    limited: null,
  });
});

test('a probe of a cluster of the user’s says nothing of what the cluster could have of this machine', () => {
  const host = { cpuCount: 2, cpuUtilization: 0.98, stealUtilization: 0 };
  const used = { name: 'process', cpuUtilization: 1.2, eventLoopDelayP99Ms: 1, gcUtilization: 0 };
  const spec = experimentSpec({ target: 'existing', settings: { cluster: 'mine' } });
  const asked = { messagesPerSecond: 1_000, seconds: 10, hold: false };
  const parts = [producePart({ ...sent, failed: 9_000, host, threads: [used] }), consumePart(steady)];
  const { reason } = judgeProbe(asked, parts, spec);
  expect(reason).toContain("the load generator was the limit: the load generator's machine was 98% busy");
});
