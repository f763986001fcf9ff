import type { Demand } from '../../invoker/pool/demand.ts'
import type { SlotView } from '../../invoker/pool/slot-view.ts'
import { anAction } from './an-action.ts'

/** What an action of 256 MB in namespace `guest` demands. */
export function aDemand(changes: Partial<Demand> = {}): Demand {
  const action = changes.action ?? anAction()
  return {
    namespace: 'guest',
    actionKey: 'key',
    kind: action.exec.kind,
    memoryMb: action.limits.memory,
    concurrency: action.limits.concurrency,
    action,
    ...changes,
  }
}

/** A ready slot of that action. */
export function aSlotView(changes: Partial<SlotView> = {}): SlotView {
  return {
    phase: 'ready',
    kind: 'nodejs:20',
    memoryMb: 256,
    image: undefined,
    owner: { namespace: 'guest', actionKey: 'key', concurrency: 1 },
    activeCount: 0,
    lastUsedMs: 1,
    expiresAtMs: undefined,
    ...changes,
  }
}

/** A stem cell of 256 MB. */
export function aStem(changes: Partial<SlotView> = {}): SlotView {
  return aSlotView({ phase: 'stem', owner: undefined, ...changes })
}
