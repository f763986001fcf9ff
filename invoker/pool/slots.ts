import type { Slot } from './slot.ts'
import type { Stock } from './slot-view.ts'

/** The slots of a pool and the memory that they hold: never more than there is. A slot holds its memory until it is dropped. */
export class Slots implements Stock<Slot> {
  readonly slots: Slot[] = []
  readonly totalMb: number
  #heldMb = 0

  constructor(totalMb: number) {
    this.totalMb = totalMb
  }

  get freeMb(): number {
    return this.totalMb - this.#heldMb
  }

  /** @throws Error when the memory of the slot is not free. */
  add(slot: Slot): void {
    if (slot.memoryMb > this.freeMb) {
      throw new Error(`Cannot start a slot of ${slot.memoryMb} MB: ${this.freeMb} MB of ${this.totalMb} MB are free`)
    }
    this.#heldMb += slot.memoryMb
    this.slots.push(slot)
  }

  /** Changes what a slot holds. @throws Error when that is not free. */
  hold(slot: Slot, memoryMb: number): void {
    const moreMb = memoryMb - slot.memoryMb
    if (moreMb > this.freeMb) {
      throw new Error(
        `Cannot hold ${memoryMb} MB for "${slot.spec.name}", which has ${slot.memoryMb} MB: ${this.freeMb} MB are free`,
      )
    }
    this.#heldMb += moreMb
    slot.memoryMb = memoryMb
  }

  /** As {@link hold}, but gives false when that is not free. */
  tryHold(slot: Slot, memoryMb: number): boolean {
    if (memoryMb - slot.memoryMb > this.freeMb) return false
    this.hold(slot, memoryMb)
    return true
  }

  /** Forgets a slot that is gone. */
  drop(slot: Slot): void {
    this.slots.splice(this.slots.indexOf(slot), 1)
    this.#heldMb -= slot.memoryMb
  }
}
