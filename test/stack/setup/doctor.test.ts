import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';
import { doctorLine, ensureTools } from '../../../src/stack/setup/ensure.ts';
import { javaRequirement, mavenRequirement, readJavaVersion } from '../../../src/stack/setup/java.ts';
import { hintFor, type Platform } from '../../../src/stack/setup/platform.ts';
import { proxyHint } from '../../../src/stack/setup/products/kafka.ts';
import type { Requirement, RequirementState } from '../../../src/stack/setup/requirement.ts';
import { isAtLeast, parseVersion } from '../../../src/stack/setup/versions.ts';

const part = (hint: Requirement['hint']): Requirement => ({
  name: 'Maven',
  needs: '>= 3.6',
  hint,
  check: async () => ({ state: 'ok', version: '' }),
  install: null,
});
const hint = { debian: 'sudo apt-get install maven', macos: 'brew install maven' };

const lines: [RequirementState, Platform, string][] = [
  [{ state: 'ok', version: '3.8.7' }, 'debian', 'ok       Maven         3.8.7'],
  [{ state: 'ok', version: '3.8.7', note: 'BIN/mvn' }, 'debian', 'ok       Maven         3.8.7  (BIN/mvn)'],
  [
    { state: 'pending', note: 'missing (npm start installs it)' },
    'debian',
    'missing  Maven         >= 3.6: missing (npm start installs it)',
  ],
  [
    { state: 'wrong', problem: 'mvn was not found on the PATH' },
    'macos',
    'WRONG    Maven         needs >= 3.6: mvn was not found on the PATH\n         On macOS: brew install maven',
  ],
  [
    { state: 'wrong', problem: 'mvn was not found on the PATH' },
    'wsl',
    'WRONG    Maven         needs >= 3.6: mvn was not found on the PATH\n' +
      '         On Windows (in the WSL shell): sudo apt-get install maven',
  ],
];

test.each(lines)('a line of the doctor: %j on %s', (state, platform, expected) => {
  expect(doctorLine(part(hint), state, platform)).toBe(expected);
});

test('a system that we do not know gets both hints', () => {
  expect(hintFor('other', hint)).toBe(
    'On this system: as on Debian or macOS (there: sudo apt-get install maven; brew install maven)',
  );
});

test.each([
  ['openjdk version "17.0.15" 2025-04-15', '17.0.15'],
  ['java version "1.8.0_392"', '1.8.0_392'],
  ['The operation could not be completed. Unable to locate a Java Runtime.', null],
])('the Java version in %j', (output, expected) => {
  expect(readJavaVersion(output)).toBe(expected);
});

test.each([
  ['17.0.15', [17], true],
  ['17', [17], true],
  ['1.8.0_392', [17], false],
  ['1.11.4', [1, 11], true],
  ['1.9.8', [1, 11], false],
  ['2.0.0', [1, 11], true],
  ['3.9.6', [3, 10], false],
])('whether %s is new enough for %j', (version, wanted, expected) => {
  expect(isAtLeast(parseVersion(version) ?? [], wanted)).toBe(expected);
});

test('an old Java that JAVA_HOME names is told with the variable and the way out', async () => {
  const home = mkdtempSync(join(tmpdir(), 'comparator-old-java-'));
  try {
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'java'), '#!/bin/sh\necho \'openjdk version "11.0.2"\' >&2\n', {
      mode: 0o755,
    });
    const state = await withJavaHome(home, () => javaRequirement.check(true));
    expect(state).toMatchObject({ state: 'wrong', problem: expect.stringMatching(/is 11\.0\.2.*JAVA_HOME/) });
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a JAVA_HOME that leads nowhere leaves the Java on the PATH, for Maven too', async () => {
  const [java, maven] = await withJavaHome('/nonexistent', () =>
    Promise.all([javaRequirement.check(true), mavenRequirement(readConfig({})).check(true)]),
  );
  expect(java.state).toBe('ok');
  expect(maven).toMatchObject({ state: 'ok', version: expect.stringMatching(/^\d/) });
});

async function withJavaHome<T>(home: string, check: () => Promise<T>): Promise<T> {
  const { JAVA_HOME } = process.env;
  process.env.JAVA_HOME = home;
  try {
    return await check();
  } finally {
    if (JAVA_HOME === undefined) delete process.env.JAVA_HOME;
    else process.env.JAVA_HOME = JAVA_HOME;
  }
}

test('tools that another user has installed are told with what to do', async () => {
  const mayNot = Object.assign(new Error('EACCES, Permission denied'), { code: 'EACCES', path: '/tools/x' });
  const broken: Requirement = {
    ...part(null),
    check: async () => ({ state: 'pending', note: '' }),
    install: async () => {
      throw mayNot;
    },
  };
  const setting = ensureTools(readConfig({ COMPARATOR_TOOLS: '/tools' }), () => {}, [broken]);
  await expect(setting).rejects.toThrow(/may not change \/tools\/x \(EACCES\)\.\nSet COMPARATOR_TOOLS/);
});

test('tools in a folder that Java would take for two are refused before anything is installed', async () => {
  const installed: string[] = [];
  const setting = ensureTools(readConfig({ COMPARATOR_TOOLS: '/bug : dir' }), (line) => installed.push(line));
  await expect(setting).rejects.toThrow(/\/bug : dir has one.*\n.*set COMPARATOR_TOOLS to such a folder/);
  expect(installed).toEqual([]);
});

test('a proxy that Maven does not read is told where it fails', () => {
  expect(proxyHint({ https_proxy: 'http://proxy:3128' })).toContain(
    'https_proxy is set, which Maven does not read',
  );
  expect(proxyHint({})).toBe('');
});
