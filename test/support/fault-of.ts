import { Fault } from '../../invoker/faults/fault.ts'

/** The fault that a promise rejects with. @throws what else it rejects with, or an error when it resolves. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('Nothing was thrown: expected a fault')
}
