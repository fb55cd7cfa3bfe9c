import { describe, expect, it } from '@jest/globals';
import { mustPush, parseState, parseStateOrNull } from '../../../../activities/home/state/terraform-state.ts';

describe('parseState', () => {
  const text = JSON.stringify({
    version: 4,
    serial: 7,
    lineage: 'abc',
    resources: [
      {
        mode: 'managed',
        module: 'module.a.module.b',
        type: 't',
        name: 'n',
        instances: [{ index_key: 'k-1' }, { index_key: 0 }],
      },
      { mode: 'managed', type: 't', name: 'plain', instances: [{}] },
      { mode: 'data', type: 't', name: 'd', instances: [{}] },
    ],
  });
  it('gives the addresses of managed resources', () => {
    expect(parseState(text)).toEqual({
      serial: 7,
      lineage: 'abc',
      addresses: ['module.a.module.b.t.n["k-1"]', 'module.a.module.b.t.n[0]', 't.plain'],
    });
  });

  const state = parseState(text);
  it.each([
    ['nothing', null, state, false],
    ['where the backend has none', state, null, true],
    ['a newer one', { ...state, serial: 8 }, state, true],
    ['the same', state, state, false],
    ['an older one', { ...state, serial: 6 }, state, false],
    ['one of another lineage', { ...state, serial: 9, lineage: 'other' }, state, false],
  ])('mustPush: %s', (_, errored, remote, expected) => {
    expect(mustPush(errored, remote)).toBe(expected);
  });
});

describe('parseStateOrNull', () => {
  it.each(['', '{', '{}', 'null', '{"version":4,"serial":1}'])('takes %j for no state', (text) => {
    expect(parseStateOrNull(text)).toBeNull();
  });

  it('does not give up a state of another format', () => {
    expect(() => parseStateOrNull('{"version":5,"serial":1}')).toThrow('has version 5');
  });
});
