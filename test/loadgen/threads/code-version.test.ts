import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { codeVersion } from '../../../loadgen/threads/code-version.ts';
import { projectRoot } from '../../../src/config.ts';

/** A process that starts a thread as if it ran this code; ends as the thread or it does. */
function processOf(code: string | undefined) {
  const data = { role: 'consumer', driverModule: 'none', sessionName: 'of-a-test', index: 0, code };
  const script = `
    import { Worker } from 'node:worker_threads';
    const thread = new Worker('./loadgen/threads/thread.ts', { workerData: ${JSON.stringify(data)}, execArgv: [] });
    thread.on('error', (error) => { console.log(error.message); process.exit(3); });
  `;
  return execa(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: projectRoot,
    reject: false,
  });
}

describe('a thread whose process', () => {
  test('runs the same code goes on', async () => {
    const { exitCode, signal } = await processOf(codeVersion());
    // To the driver, which there is none of.
    expect({ exitCode, signal }).toEqual({ exitCode: 3, signal: undefined });
  });

  test.each([
    ['runs other code', 'another'],
    ['is of a release that did not say what it runs', undefined],
  ])('%s ends it, to be started anew', async (_, code) => {
    const { signal, stderr } = await processOf(code);
    expect(signal).toBe('SIGKILL');
    expect(stderr).toContain('Its code was replaced since this load generator started');
  });
});
