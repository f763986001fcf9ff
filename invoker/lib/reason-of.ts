/** Why something failed, as a sentence: what an Error says, or whatever was thrown instead of one. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
