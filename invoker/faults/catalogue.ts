/** Every failure that code of ours raises on purpose: who is to blame, and whether trying again may help. */
export const faults = {
  MESSAGE_TOO_LARGE: { blame: 'platform', retryable: false, text: 'Cannot send the message' },
  MESSAGING_UNAVAILABLE: { blame: 'platform', retryable: true, text: 'Cannot reach the message broker' },
  MESSAGING_REFUSED: { blame: 'operator', retryable: false, text: 'Cannot use the message broker' },
  STATE_UNWRITABLE: { blame: 'operator', retryable: false, text: 'Cannot write to the state directory' },
  MESSAGE_UNREADABLE: { blame: 'caller', retryable: false, text: 'Cannot read the message' },
  NAME_WRONG: { blame: 'caller', retryable: false, text: 'Cannot use the name' },
  DOCUMENT_CONFLICT: { blame: 'caller', retryable: false, text: 'Cannot write the document' },
  DOCUMENT_UNREADABLE: { blame: 'caller', retryable: false, text: 'Cannot read the document' },
  ACTION_NOT_EXECUTABLE: { blame: 'platform', retryable: false, text: 'Cannot run the action' },
  STORE_UNAVAILABLE: { blame: 'platform', retryable: true, text: 'Cannot reach the document store' },
  STORE_REFUSED: { blame: 'platform', retryable: false, text: 'Cannot use the document store' },
  ADDRESS_TAKEN: { blame: 'operator', retryable: false, text: 'Cannot listen' },
  STORE_BUSY: { blame: 'operator', retryable: false, text: 'Cannot open the data directory' },
  STORE_FULL: { blame: 'operator', retryable: false, text: 'Cannot write to the data directory' },
  VIEW_MISSING: { blame: 'operator', retryable: false, text: 'Cannot query the view' },
  CONTAINER_CREATE: { blame: 'platform', retryable: true, text: 'Cannot create a container' },
  IMAGE_MISSING: { blame: 'developer', retryable: false, text: 'Cannot use the container image' },
  IMAGE_BUILD: { blame: 'platform', retryable: true, text: 'Cannot build the dependency image' },
  IMAGE_UNSUITABLE: { blame: 'operator', retryable: false, text: 'Cannot make a dependency image of these packages' },
  IMAGE_RESTORE: { blame: 'platform', retryable: true, text: 'Cannot restore the dependency image' },
  IMAGE_UNKNOWN: { blame: 'operator', retryable: false, text: 'Cannot find the dependency image' },
  KIND_UNAVAILABLE: { blame: 'developer', retryable: false, text: 'Cannot run the kind' },
  SUBJECT_WRONG: { blame: 'operator', retryable: false, text: 'Cannot change the subject' },
  PARAMETER_LOCKED: { blame: 'operator', retryable: false, text: 'Cannot unlock the parameter' },
  SETTINGS_WRONG: { blame: 'operator', retryable: false, text: 'Cannot start' },
} as const satisfies Record<
  string,
  {
    readonly blame: 'caller' | 'developer' | 'operator' | 'platform'
    readonly retryable: boolean
    readonly text: string
  }
>

/** A name in the catalogue. */
export type FaultCode = keyof typeof faults
