import type { Databases } from '../../ports/documents.ts'
import { activationsByDate, activationsDesign, activationsFilterDesign, logCleanup } from './activations.ts'
import type { DesignNames } from './names.ts'
import { namespaceThrottlings, subjectsDesign } from './subjects.ts'
import { whisksDesign } from './whisks.ts'

/** Adds the design documents that a deployment lacks (protocol reference 3.7); what is there is used as it is. */
export async function ensureDesigns(databases: Omit<Databases, 'images'>, names: DesignNames): Promise<void> {
  const wanted = [
    [databases.subjects, [subjectsDesign(names.subjects), namespaceThrottlings]],
    [databases.whisks, [whisksDesign(names.actions)]],
    [
      databases.activations,
      [
        activationsDesign(names.activations),
        activationsFilterDesign(names.activationsFilter),
        activationsByDate,
        logCleanup,
      ],
    ],
  ] as const
  for (const [database, designs] of wanted) for (const design of designs) await database.ensureDesign(design)
}
