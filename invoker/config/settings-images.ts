import { setting, shareOfMachine } from './setting.ts'
import { durationMs, file, flag, number, oneOf, sizeMb, whole } from './types.ts'

/** Dependency images. */
export const images = {
  isEnabled: setting(flag, {
    default: 'on',
    says: 'Cold starts restore dependency images; off: as OpenWhisk starts them',
  }),
  budgetMb: setting(sizeMb, {
    default: '1024m',
    defaultOn: shareOfMachine(1 / 8, { atLeastMb: 256, atMostMb: 8192 }),
    says: "Memory for live images, besides the containers'; standalone: an eighth of the machine's",
  }),
  stemBudgetMb: setting(sizeMb, {
    default: '256m',
    defaultOn: shareOfMachine(1 / 32, { atLeastMb: 256 }),
    says: "Memory for warm stem cells while they wait, which counts as the containers'; standalone: a 32nd of the machine's",
  }),
  stemsPerImage: setting(whole(0, 1000), { default: '16', says: 'Warm stem cells of one image at most' }),
  sharing: setting(oneOf('all', 'namespace'), {
    default: 'all',
    says: 'Who shares a live image: all namespaces, or the actions of one namespace',
  }),
  manifest: setting(file, {
    default: '',
    says: 'File that pins images and counts of warm stem cells (images.json)',
  }),
  isLearning: setting(flag, {
    default: 'on',
    says: 'Images are built for what actions import; off: only for the manifest',
  }),
  wasteShare: setting(number({ min: 0, max: 1 }), {
    default: '0.8',
    says: 'How much of an image, by its import time, may be what the action does not need',
  }),
  buildTimeoutMs: setting(durationMs, { default: '2 minutes', says: 'How long building an image may take' }),
  buildMemoryMb: setting(sizeMb, { default: '2048m', says: 'Memory that an image may take while it is built' }),
  restoreTimeoutMs: setting(durationMs, {
    default: '10s',
    says: 'How long restoring an image may take before the action starts without',
  }),
}
