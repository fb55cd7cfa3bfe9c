import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { startKafka } from '../loadgen/support/servers.ts';

/**
 * A JAVA_HOME for tests, whose Java starts a broker with a quarter of the processor time: it reads the broker's classes
 * from an archive, and does not optimise for a long life. It is made once, among the tools.
 */
export async function quickJavaHome(config: Config): Promise<string> {
  const { java, kafkaLibs } = toolPaths(config);
  const real = realpathSync(findProgram(java));
  const key = createHash('sha256')
    .update(`${real}\0${statSync(real).mtimeMs}\0${kafkaLibs}`)
    .digest('hex');
  const home = join(config.tools, `test-java-${key.slice(0, 12)}`);
  const archive = join(home, 'kafka.jsa');
  if (existsSync(archive)) return home;
  mkdirSync(join(home, 'bin'), { recursive: true });
  const made = `${archive}.${process.pid}`;
  const broker = await startKafka({}, [`-XX:ArchiveClassesAtExit=${made}`]);
  await broker.stop('SIGTERM');
  const program = join(home, 'bin', 'java');
  const options = `-XX:TieredStopAtLevel=1 -XX:SharedArchiveFile='${archive}' -Xlog:cds=off -Xlog:cds+dynamic=off`;
  writeFileSync(program, `#!/bin/sh\nexec '${real}' ${options} "$@"\n`);
  chmodSync(program, 0o755);
  renameSync(made, archive);
  return home;
}

/** Where a program is that may be given by its bare name. */
function findProgram(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim();
}
