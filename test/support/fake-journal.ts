import type { Journal, JournalEntry, JournalStep } from '../../invoker/ports/journal.ts'

/** A journal in memory; `restarted` gives what the next process would find. */
export class FakeJournal implements Journal {
  readonly notes: { readonly activationId: string; readonly step: JournalStep }[] = []
  readonly #found: ReadonlyMap<string, JournalEntry>
  readonly #done: ReadonlySet<string>
  /** Makes every note fail, as a full disk does. */
  isFull = false

  constructor(found: Iterable<JournalEntry> = [], done: Iterable<string> = []) {
    this.#found = new Map([...found].map((entry) => [entry.activationId, entry]))
    this.#done = new Set(done)
  }

  note(activationId: string, step: JournalStep): void {
    if (this.isFull) throw new Error('Cannot write: no space left on device')
    this.notes.push({ activationId, step })
  }

  pending(): ReadonlyMap<string, JournalEntry> {
    return this.#found
  }

  wasDone(activationId: string): boolean {
    return this.#done.has(activationId)
  }

  committed(): void {
    // A fake forgets nothing.
  }

  async stop(): Promise<void> {
    // Nothing is open.
  }

  /** Names of the steps that were noted of an activation. */
  stepsOf(activationId: string): readonly string[] {
    return this.notes.filter((note) => note.activationId === activationId).map(({ step }) => step.step)
  }

  /** The journal that a process would find that starts now. */
  restarted(): FakeJournal {
    const entries = new Map<string, JournalEntry>(this.#found)
    const done = new Set(this.#done)
    for (const { activationId, step } of this.notes) {
      const before = entries.get(activationId)
      if (step.step === 'done') {
        entries.delete(activationId)
        done.add(activationId)
      } else if (step.step === 'started') entries.set(activationId, { activationId, ...step })
      else if (before) entries.set(activationId, { ...before, record: step.record })
    }
    return new FakeJournal(entries.values(), done)
  }
}
