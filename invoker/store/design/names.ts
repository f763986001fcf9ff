/** Names of design documents that a deployment may change (protocol reference 3.7, `whisk.db.*-ddoc`). */
export interface DesignNames {
  readonly subjects: string
  readonly actions: string
  readonly activations: string
  readonly activationsFilter: string
}

/** OpenWhisk's own names. */
export const designNames: DesignNames = {
  subjects: 'subjects.v2.0.0',
  actions: 'whisks.v2.1.0',
  activations: 'whisks.v2.1.0',
  activationsFilter: 'whisks-filters.v2.1.1',
}
