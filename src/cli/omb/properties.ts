/**
 * Java properties as driver files have them: a name and a value a line, parted by `=`, `:` or a blank; `#` and `!` begin
 * comments. A mapping of YAML is taken as it is; null for anything else.
 */
export function readProperties(value: unknown): Record<string, unknown> | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  if (typeof value !== 'string') return null;
  const lines = value.split('\n').map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== '' && !/^[#!]/.test(line))
      .map((line) => {
        const [, name = line, text = ''] = /^([^=:\s]+)\s*[=:\s]\s*(.*)$/.exec(line) ?? [];
        return [name, text];
      }),
  );
}
