/** Texts that users read, word for word OpenWhisk's (protocol reference 6.5, 3.8), and two of our own at the end. */
export const texts = {
  abnormalInit: 'The action did not initialize and exited unexpectedly.',
  abnormalRun: 'The action did not produce a valid response and exited unexpectedly.',
  memoryExhausted: 'The action exhausted its memory and was aborted.',
  creationFailed: 'Failed to provision resources to run the action.',
  notFound: 'Action could not be found or may have been deleted.',
  incompatible: 'Action version is not compatible and cannot be invoked.',
  notFetched: 'Action could not be fetched.',
  blacklisted: 'The action was not invoked due to a blacklisted namespace.',
  logsFailed: 'There was an issue while collecting your logs. Data might be missing.',
  logsMayMiss: 'The action did not initialize or run as expected. Log data might be missing.',

  invalidInit: (body: string) =>
    body === '' ? 'The action failed during initialization.' : `The action failed during initialization: ${body}`,
  invalidRun: (body: string) =>
    body === ''
      ? 'The action did not produce a valid JSON or JSON Array response.'
      : `The action did not produce a valid JSON or JSON Array response: ${body}`,
  truncated: (length: number, maxBytes: number, body: string) =>
    `The action produced a response that exceeded the allowed length: ${length} > ${maxBytes} bytes. The truncated response was: ${body}`,
  timeoutInit: (ms: number) => `The action exceeded its time limits of ${ms} milliseconds during initialization.`,
  timeoutRun: (ms: number) => `The action exceeded its time limits of ${ms} milliseconds.`,
  logsTruncated: (bytes: number) =>
    `Logs were truncated because the total bytes size exceeds the limit of ${bytes} bytes.`,

  invokerStopped: 'The invoker stopped while the action was running.',
} as const
