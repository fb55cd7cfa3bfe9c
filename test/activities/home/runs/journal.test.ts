import { describe, expect, it } from '@jest/globals';
import {
  failureDiagnostics,
  journalSucceeded,
  parseJournal,
} from '../../../../activities/home/runs/journal.ts';

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const step = (command: string, number = 0) => ({ type: 'comparator_step', step: number, command });
const version = { '@message': 'Terraform 1.11.4', type: 'version', terraform: '1.11.4' };
const stream = { addr: 'module.stream.aws_kinesis_stream.this', resource_type: 'aws_kinesis_stream' };
const complete = (action: string, resource: object, id?: string) => ({
  type: 'apply_complete',
  hook: { resource, action, id_key: 'id', id_value: id },
});
const summary = (operation: string) => ({
  type: 'change_summary',
  changes: { operation, add: 1, change: 0, remove: 0, import: 0 },
});
const outputs = { type: 'outputs', outputs: { generators: { value: 2, type: 'number', sensitive: false } } };
const error = {
  type: 'diagnostic',
  diagnostic: {
    severity: 'error',
    summary: 'local-exec provisioner error',
    detail: 'it died',
    address: 'a.b',
  },
};

describe('parseJournal', () => {
  it('reads what an apply did and gave', () => {
    const journal = parseJournal(
      lines(
        step('init'),
        step('apply', 1),
        version,
        summary('plan'),
        { type: 'apply_start', hook: { resource: stream, action: 'create' } },
        complete('create', stream, 'arn:aws:kinesis:us-east-1:000000000000:stream/one'),
        summary('apply'),
        outputs,
      ),
    );
    expect(journal).toMatchObject({
      version: '1.11.4',
      command: 'apply',
      created: [
        {
          address: 'module.stream.aws_kinesis_stream.this',
          type: 'aws_kinesis_stream',
          id: 'arn:aws:kinesis:us-east-1:000000000000:stream/one',
        },
      ],
      resources: [{ address: stream.addr, state: 'done' }],
      changes: { operation: 'apply', add: 1 },
      outputs: { generators: 2 },
      pastLock: true,
    });
  });

  it('knows what was in flight when the output ended in the middle of a line', () => {
    const text = lines({ type: 'apply_start', hook: { resource: stream, action: 'create' } });
    const journal = parseJournal(`${text}\n{"type":"apply_comp`);
    expect(journal.resources).toMatchObject([{ address: stream.addr, state: 'working' }]);
    expect(journal.created).toEqual([]);
  });

  it('tells how far each resource of the last step is', () => {
    const at = (seconds: number) => `2026-11-27T12:00:0${seconds}.000Z`;
    const planned = (addr: string) => ({
      type: 'planned_change',
      change: { resource: { addr }, action: 'create' },
    });
    const hooked = (type: string, addr: string, seconds: number) => ({
      '@timestamp': at(seconds),
      type,
      hook: { resource: { addr }, action: 'create' },
    });
    const apply = [
      step('apply', 1),
      ...['a', 'b', 'c', 'd'].map(planned),
      hooked('apply_start', 'a', 1),
      hooked('apply_start', 'b', 1),
      hooked('apply_complete', 'a', 2),
      hooked('apply_start', 'c', 2),
      hooked('apply_errored', 'c', 3),
    ];
    expect(parseJournal(lines(...apply)).resources).toEqual([
      { address: 'a', state: 'done', startedAt: at(1), endedAt: at(2) },
      { address: 'b', state: 'working', startedAt: at(1), endedAt: null },
      { address: 'c', state: 'failed', startedAt: at(2), endedAt: at(3) },
      { address: 'd', state: 'planned', startedAt: null, endedAt: null },
    ]);
    expect(parseJournal(lines(...apply, step('destroy', 2))).resources).toEqual([]);
  });

  it('forgets what was destroyed', () => {
    const journal = parseJournal(lines(complete('create', stream, 'x'), complete('delete', stream)));
    expect(journal.created).toEqual([]);
  });

  it('does not take the outputs of a plan for those of an apply', () => {
    expect(parseJournal(lines(summary('plan'), outputs)).outputs).toBeNull();
  });

  it('keeps lines that are no JSON, and JSON that is not terraform’s', () => {
    const journal = parseJournal('Error: no\n{"half\n[1]\n{"type":7}\n\n');
    expect(journal.text).toEqual(['Error: no', '{"half', '[1]', '{"type":7}']);
  });

  it('does not yet hold a lock when a new step begins', () => {
    expect(parseJournal(lines(summary('plan'))).pastLock).toBe(true);
    expect(parseJournal(lines(summary('plan'), step('destroy', 1))).pastLock).toBe(false);
  });
});

describe('journalSucceeded', () => {
  it.each([
    ['an apply with outputs', 'apply', [summary('apply'), outputs], true],
    ['an apply cut off before its outputs', 'apply', [summary('apply')], false],
    ['an apply that only planned', 'apply', [summary('plan')], false],
    ['an apply with an error', 'apply', [summary('apply'), outputs, error], false],
    ['a destroy', 'destroy', [summary('destroy')], true],
    ['a destroy for which an apply is no proof', 'destroy', [summary('apply'), outputs], false],
    ['nothing', 'destroy', [], false],
  ] as const)('%s', (_, kind, values, expected) => {
    expect(journalSucceeded(parseJournal(lines(...values)), kind)).toBe(expected);
  });
});

describe('failureDiagnostics', () => {
  it('gives terraform’s own', () => {
    expect(failureDiagnostics(parseJournal(lines(error)), 'terraform apply failed')).toEqual([
      { severity: 'error', summary: 'local-exec provisioner error', detail: 'it died', address: 'a.b' },
    ]);
  });

  it('makes one of the last words where terraform gave none', () => {
    expect(
      failureDiagnostics(parseJournal('Error: Cannot import\nit is gone'), 'terraform import failed'),
    ).toEqual([
      {
        severity: 'error',
        summary: 'terraform import failed',
        detail: 'Error: Cannot import\nit is gone',
        address: null,
      },
    ]);
  });
});
