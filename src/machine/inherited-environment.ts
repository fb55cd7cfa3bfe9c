/** Variables of a process; undefined is as good as none. */
export type Environment = Record<string, string | undefined>;

/** What every program needs to know of its user and machine. */
const basic = /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR)$/;

/**
 * What a program that we start gets of a person's environment: little, so that nothing in a shell reconfigures it.
 * @param more names beside the basic ones
 */
export function pickInherited(
  inherited: Environment,
  more: (name: string) => boolean = () => false,
): Environment {
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => basic.test(name) || more(name)));
}
