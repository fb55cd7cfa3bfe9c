import { describe, expect, it } from '@jest/globals';
import { missingFromState, planSteps } from '../../../../activities/home/state/adoption.ts';

describe('adoption', () => {
  const stream = { address: 'module.stream.aws_kinesis_stream.this', importId: 'cmp-a-b' };
  it('imports what exists and the state lacks, once', () => {
    const state = { serial: 1, lineage: 'l', addresses: ['x.y'] };
    expect(missingFromState([stream, stream], state)).toEqual([stream]);
    expect(missingFromState([stream], null)).toEqual([stream]);
    expect(missingFromState([stream], { ...state, addresses: [stream.address] })).toEqual([]);
  });

  const plan = {
    kind: 'destroy',
    initialize: false,
    backendFile: '/b.json',
    breakLock: null,
    pushState: false,
    imports: [],
    change: true,
  } as const;
  it.each([
    [{}, ['destroy']],
    [{ kind: 'apply', initialize: true }, ['init', 'apply']],
    [
      { initialize: true, breakLock: 'l', pushState: true, imports: [stream] },
      ['init', 'force-unlock', 'state', 'import', 'destroy'],
    ],
    [{ breakLock: 'l', change: false }, ['force-unlock']],
  ] as const)('%j makes %j', (part, commands) => {
    expect(
      planSteps({ ...plan, ...part, imports: [...((part as { imports?: [] }).imports ?? [])] }).map(
        ([command]) => command,
      ),
    ).toEqual(commands);
  });
});
