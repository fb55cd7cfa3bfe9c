import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';

/** A process as far as it matters here. */
interface Seen {
  args: string[];
  environment: string[];
}

/** Whether a terraform is none that a comparator started: it could hold any lock. */
export function isForeignTerraform({ args, environment }: Seen): boolean {
  const program = args[0]?.split('/').at(-1);
  if (program !== 'terraform' && program !== 'tofu') return false;
  return !environment.some((variable) => variable.startsWith(`${experimentEnvironment.terraformRun}=`));
}

/** Whether this machine runs a terraform that no comparator started. Where that cannot be seen, it may. */
export function foreignTerraformRuns(): boolean {
  if (process.platform !== 'linux') return foreignByPs();
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      if (!/(^|\/)(terraform|tofu)$/.test(args[0] ?? '')) return false;
      return isForeignTerraform({ args, environment: readEnvironment(entry) });
    } catch {
      return false;
    }
  });
}

/** Another user's environment cannot be read, so that user's terraform counts as foreign. */
function readEnvironment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function foreignByPs(): boolean {
  const output = execFileSync('ps', ['-axwwE', '-o', 'command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.split('\n').some((line) => {
    const words = line.trim().split(/\s+/);
    return isForeignTerraform({ args: words.slice(0, 1), environment: words });
  });
}
