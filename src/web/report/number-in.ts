/** The first number of `10.5×` or `+1,200 to +1,300`; NaN where there is none. */
export function numberIn(text: string): number {
  return Number.parseFloat(text.replaceAll(',', '').replace('−', '-'));
}
