/**
 * Milliseconds of CLOCK_MONOTONIC, with fractions: the one clock that this process, the server and the functions in their containers
 * (Python's `time.monotonic_ns`, Node's `process.hrtime`) share, since containers have no time namespace of their own.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
