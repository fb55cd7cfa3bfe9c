import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/config.ts';
import { addRelease, deviations, readHistory, readReleases } from './support/golden.ts';

describe('the golden histories', () => {
  test('are those that were recorded with their releases', () => {
    expect(deviations()).toEqual([]);
  });

  test('are there for every release of the changelog, and for the one in package.json', () => {
    const changelog = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8');
    const released = [...changelog.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, release]) => release);
    expect(released).toContain('0.1.0');
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(Object.keys(readReleases())).toEqual(expect.arrayContaining([...released, version]));
  });
});

describe('a list of releases', () => {
  let folder: string;
  const of = (release: string, name = '') => join(folder, release, name && `${name}.json.gz`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comparator-golden-'));
    writeFileSync(join(folder, 'releases.json'), '{}');
    addRelease('1.0.0', new Map([['reaper', '{"of":"1.0.0"}']]), folder);
    const two = [
      ['run-queue', '{}'],
      ['reaper', '{"of":"1.1.0"}'],
    ] as const;
    addRelease('1.1.0', new Map(two), folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('keeps what was recorded, release by release', () => {
    expect(deviations(folder)).toEqual([]);
    expect(Object.keys(readReleases(folder))).toEqual(['1.0.0', '1.1.0']);
    expect(readHistory('1.0.0', 'reaper', folder)).toEqual({ of: '1.0.0' });
    expect(readHistory('1.1.0', 'reaper', folder)).toEqual({ of: '1.1.0' });
  });

  test('refuses to record a release again', () => {
    expect(() => addRelease('1.0.0', new Map(), folder)).toThrow(
      'The histories of release 1.0.0 have been recorded, and experiments of it may still run: they are never ' +
        'recorded over. Raise the version in package.json, or name another folder with --as VERSION.',
    );
    expect(deviations(folder)).toEqual([]);
  });

  test('refuses a name that is no release', () => {
    expect(() => addRelease('../elsewhere', new Map(), folder)).toThrow('is not the name of a release');
  });

  const mischiefs: [string, () => void, string][] = [
    [
      'a history that was recorded over',
      () => appendFileSync(of('1.1.0', 'reaper'), 'x'),
      'reaper was changed after it had been recorded',
    ],
    ['a history that was removed', () => rmSync(of('1.1.0', 'reaper')), 'reaper is missing'],
    [
      'a history that nobody listed',
      () => renameSync(of('1.0.0', 'reaper'), of('1.1.0', 'other')),
      'other is not listed in releases.json',
    ],
    ['a release that was removed', () => rmSync(of('1.0.0'), { recursive: true }), '1.0.0 is missing'],
    [
      'a release that nobody listed',
      () => renameSync(of('1.0.0'), of('1.2.0')),
      '1.2.0 is not listed in releases.json',
    ],
  ];

  test.each(mischiefs)('shows %s', (_title, mischief, expected) => {
    mischief();
    expect(deviations(folder)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });
});
