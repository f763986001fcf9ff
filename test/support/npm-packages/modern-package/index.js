export const isModern = true
export const loadedAt = Date.now()
