import { expect, it } from '@jest/globals';
import {
  decideLock,
  type LockEvidence,
  type RunEvidence,
} from '../../../../activities/home/state/state-lock.ts';

const minute = 60_000;
const now = Date.parse('2026-11-24T12:00:00Z');
const lock = {
  ID: 'lock-1',
  Operation: 'OperationTypeApply',
  Who: 'ann@here',
  Created: new Date(now - 5 * minute),
};
const run: RunEvidence = {
  number: 3,
  state: 'vanished',
  lockId: null,
  who: 'ann@here',
  startedAtEpochMs: now - 5 * minute - 2_000,
  lastSeenEpochMs: now - 4 * minute,
};
const evidence: LockEvidence = {
  lock,
  nowEpochMs: now,
  hardLimitMs: 12 * minute,
  who: 'ann@here',
  runs: [],
  unknownTerraform: false,
};

it.each<[string, Partial<LockEvidence>, 'go' | 'break' | 'wait' | 'ask']>([
  ['no lock', { lock: null }, 'go'],
  ['no lock, though a run lives', { lock: null, runs: [{ ...run, state: 'supervised' }] }, 'wait'],
  ['a supervised run', { runs: [{ ...run, state: 'supervised', lockId: 'lock-1' }] }, 'wait'],
  ['a run without its supervisor', { runs: [{ ...run, state: 'orphaned' }] }, 'wait'],
  [
    'a live run, though a person says it is dead',
    { runs: [{ ...run, state: 'orphaned' }], confirmed: 'lock-1' },
    'wait',
  ],
  ['a dead run that was seen to hold it', { runs: [{ ...run, lockId: 'lock-1' }] }, 'break'],
  [
    'a finished run that was seen to hold it',
    { runs: [{ ...run, state: 'finished', lockId: 'lock-1' }] },
    'break',
  ],
  [
    'the same while an unknown terraform runs',
    { runs: [{ ...run, lockId: 'lock-1' }], unknownTerraform: true },
    'break',
  ],
  ['a dead run of its time', { runs: [run] }, 'break'],
  ['a dead run of its time while an unknown terraform runs', { runs: [run], unknownTerraform: true }, 'ask'],
  ['a dead run that held another lock', { runs: [{ ...run, lockId: 'lock-0' }] }, 'ask'],
  ['a dead run that began later', { runs: [{ ...run, startedAtEpochMs: now - minute }] }, 'ask'],
  ['a dead run that ended long before', { runs: [{ ...run, lastSeenEpochMs: now - 6 * minute }] }, 'ask'],
  [
    'a run of which this host knows nothing',
    { runs: [{ ...run, state: 'elsewhere', lockId: 'lock-1' }] },
    'ask',
  ],
  ['a lock of another host', { lock: { ...lock, Who: 'ann@there' }, runs: [run] }, 'ask'],
  ['a lock of another user', { lock: { ...lock, Who: 'bob@here' }, runs: [run] }, 'ask'],
  ['no run at all', {}, 'ask'],
  ['no run at all, confirmed by a person', { confirmed: 'lock-1' }, 'break'],
  ['another lock confirmed by a person', { confirmed: 'lock-0' }, 'ask'],
  ['just within the hard limit', { lock: { ...lock, Created: new Date(now - 13 * minute) } }, 'ask'],
  ['beyond the hard limit', { lock: { ...lock, Created: new Date(now - 13 * minute - 1) } }, 'break'],
  [
    'beyond the hard limit while an unknown terraform runs',
    { lock: { ...lock, Created: new Date(now - 60 * minute) }, unknownTerraform: true },
    'ask',
  ],
  [
    'beyond the hard limit, of a host that was lost with all it knew',
    { lock: { ...lock, Who: 'root@elsewhere', Created: new Date(now - 60 * minute) } },
    'break',
  ],
  [
    'one of another host that says no time',
    { lock: { ...lock, Who: 'root@elsewhere', Created: new Date(0) } },
    'ask',
  ],
  [
    'one of another host that says the year 1',
    { lock: { ...lock, Who: 'root@elsewhere', Created: new Date('0001-01-01T00:00:00Z') } },
    'ask',
  ],
  [
    'beyond the hard limit, of nobody knows whom',
    { lock: { ...lock, Who: 'nobody knows whom', Created: new Date(0) } },
    'ask',
  ],
  [
    'beyond the hard limit, of somebody else here',
    { lock: { ...lock, Who: 'bob@here', Created: new Date(now - 60 * minute) } },
    'ask',
  ],
  [
    'beyond the hard limit, of another host that had runs of this experiment',
    {
      lock: { ...lock, Who: 'ann@there', Created: new Date(now - 60 * minute) },
      runs: [{ ...run, who: 'ann@there' }],
    },
    'break',
  ],
  [
    'beyond the hard limit with a live run',
    {
      lock: { ...lock, Created: new Date(now - 60 * minute) },
      runs: [{ ...run, state: 'supervised' }],
    },
    'wait',
  ],
])('decides about %s', (_, part, action) => {
  expect(decideLock({ ...evidence, ...part }).action).toBe(action);
});

it('tells a person who holds the lock and what can be done', () => {
  expect(decideLock(evidence)).toEqual({
    action: 'ask',
    reason:
      'The Terraform state is locked by ann@here (OperationTypeApply, since 2026-11-24T11:55:00.000Z, lock lock-1), and nothing proves that this holder is dead.',
    actions: [
      'If that terraform still runs, let it end: the next try goes on by itself.',
      'If it is dead, confirm that: retry the destroy with breakLock "lock-1".',
      'Or wait: after 2026-11-24T12:08:00.000Z the lock is older than any terraform of the comparator can be, and is broken without asking.',
    ],
  });
});

it('says that it is a terraform of somebody else that leaves it open', () => {
  const seen = { ...evidence, runs: [run] };
  expect(decideLock(seen).action).toBe('break');
  expect(decideLock({ ...seen, unknownTerraform: true })).toMatchObject({
    action: 'ask',
    reason: expect.stringMatching(/dead: a terraform runs on this machine that no comparator started\.$/),
  });
});

it('promises no end of a lock that is none of ours', () => {
  const decision = decideLock({ ...evidence, lock: { ...lock, Who: 'bob@here' } });
  expect(decision).toMatchObject({ action: 'ask', actions: { length: 2 } });
});

it('says that a terraform of somebody else keeps an old lock', () => {
  const decision = decideLock({ ...evidence, unknownTerraform: true });
  expect((decision as { actions: string[] }).actions[2]).toContain('end the terraform on this machine');
});
