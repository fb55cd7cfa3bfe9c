import { readFileSync } from 'node:fs';

/** Kinds of machine that we can tell how to get things on. A WSL distribution is taken to be Debian or Ubuntu. */
export type Platform = 'debian' | 'macos' | 'wsl' | 'other';

/** What a person types to get something, by kind of machine. */
export interface Hint {
  debian: string;
  macos: string;
  /** Left out where it is Debian's, typed in the WSL shell. */
  wsl?: string;
  other?: string;
}

const platformNames: Record<Platform, string> = {
  debian: 'Debian or Ubuntu',
  macos: 'macOS',
  wsl: 'Windows (in the WSL shell)',
  other: 'this system',
};

/** The kind of machine we run on. */
export function detectPlatform(): Platform {
  if (process.platform === 'darwin') return 'macos';
  if (process.platform !== 'linux') return 'other';
  if (/microsoft/i.test(readOrEmpty('/proc/version'))) return 'wsl';
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readOrEmpty('/etc/os-release')) ? 'debian' : 'other';
}

/** The hint for one kind of machine, e.g. `On macOS: brew install maven`. */
export function hintFor(platform: Platform, hint: Hint): string {
  const text = {
    debian: hint.debian,
    macos: hint.macos,
    wsl: hint.wsl ?? hint.debian,
    other: hint.other ?? `as on Debian or macOS (there: ${hint.debian}; ${hint.macos})`,
  }[platform];
  return `On ${platformNames[platform]}: ${text}`;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
