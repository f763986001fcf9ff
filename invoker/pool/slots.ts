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

  /** Forgets a slot that is gone. */
  drop(slot: Slot): void {
    this.slots.splice(this.slots.indexOf(slot), 1)
    this.#heldMb -= slot.memoryMb
  }
}
