import { describe, expect, it } from '@jest/globals';
import { runStateOf } from '../../../../activities/home/runs/terraform-run.ts';

describe('runStateOf', () => {
  const seen = {
    sameHost: true,
    pastHardLimit: false,
    exited: false,
    supervisorAlive: false,
    terraformAlive: false,
  };
  it.each([
    ['supervised', { supervisorAlive: true, terraformAlive: true }],
    ['supervised', { supervisorAlive: true }],
    ['orphaned', { terraformAlive: true }],
    ['vanished', {}],
    ['finished', { exited: true }],
    ['finished', { exited: true, supervisorAlive: true }],
    ['finished', { exited: true, sameHost: false }],
    ['elsewhere', { sameHost: false }],
    ['elsewhere', { sameHost: false, supervisorAlive: true }],
    ['vanished', { sameHost: false, pastHardLimit: true }],
    ['orphaned', { terraformAlive: true, pastHardLimit: true }],
  ])('is %s for %j', (state, part) => {
    expect(runStateOf({ ...seen, ...part })).toBe(state);
  });
});
