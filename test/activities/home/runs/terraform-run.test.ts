import { describe, expect, it } from '@jest/globals';
import { runStateOf } from '../../../../activities/home/runs/terraform-run.ts';
import type { Whereabouts } from '../../../../src/contracts/storage/process.ts';
import { isSameHost } from '../../../../src/machine/identity.ts';

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

describe('isSameHost', () => {
  const here: Whereabouts = { host: 'here', boot: 'boot-1', pidNamespace: 'pid:[1]', machine: 'machine-1' };
  it.each([
    ['the same', {}, true],
    ['under another name', { host: 'renamed' }, true],
    ['before a reboot', { boot: 'boot-0', pidNamespace: 'pid:[7]' }, true],
    ['another container of the machine', { host: 'other', pidNamespace: 'pid:[2]' }, false],
    ['another container with the same name', { pidNamespace: 'pid:[2]' }, false],
    ['another machine', { host: 'other', boot: 'boot-2' }, false],
    ['another machine with the same name', { boot: 'boot-2', machine: 'machine-2' }, false],
    ['what has no id of its own, at another boot', { boot: 'boot-2', machine: null }, false],
    ['what an earlier release wrote before a reboot', { boot: 'boot-0', machine: undefined }, true],
    ['a claim of an earlier release', { pidNamespace: null }, true],
    [
      'a claim of an earlier release on another machine',
      { host: 'other', boot: 'boot-2', pidNamespace: null },
      false,
    ],
  ])('%s: %j', (_, part, expected) => {
    expect(isSameHost({ ...here, ...part }, here)).toBe(expected);
    expect(isSameHost(here, { ...here, ...part })).toBe(expected);
  });
});
