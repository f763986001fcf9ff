import type { AdvisedImage, ImageAdvice, ImageDetails, ImageSummary } from '../../../invoker/ports/image-admin.ts'
import { aligned, table } from './table.ts'
import { ago, duration, megabytes, shortId, someOf } from './units.ts'

const packagesWidth = 60
const baseName = '(the runtime alone)'

/** What is advised of an image, in words. */
const verdicts: Readonly<Record<AdvisedImage['verdict'], string>> = {
  build: 'keep live',
  'over-budget': 'no room',
  'covered-by-another': 'covered by another',
  'saves-too-little': 'saves too little',
}

/** The table of `image list`. */
export function viewList(images: readonly ImageSummary[]): string {
  if (images.length === 0) {
    return 'No images yet. They are built for what actions import, or by "warmwhisk image build --kind python:3 numpy".'
  }
  return table(
    ['ID', 'KIND', 'ENGINE', 'STATE', 'MEMORY>', 'WAITING>', 'RESTORES>', 'IMPORTS>', 'PACKAGES'],
    images.map((image) => [
      shortId(image.id),
      image.kind,
      image.engine,
      stateOf(image),
      image.residentBytes === undefined ? '-' : megabytes(image.residentBytes),
      String(image.stemCells),
      String(image.restores),
      duration(image.importMs),
      mainOf(image),
    ]),
  )
}

/** The lines of `image show`. */
export function viewDetails(image: ImageDetails, now: number): string {
  const { sizes } = image
  const facts: readonly (readonly [string, string])[] = [
    ['id', image.id],
    ['kind', image.kind],
    ['engine', `${image.engine}, format ${image.format}`],
    ['runtime build', image.runtimeBuild],
    ['machine', `${image.architecture}, CPU features ${shortId(image.cpu)}`],
    ['packages', image.packages.join(' ') || baseName],
    ['here', [stateOf(image), image.reason].filter(Boolean).join(': ')],
    ['memory', image.residentBytes === undefined ? '-' : megabytes(image.residentBytes)],
    ['stem cells', `${image.stemCells} wanted`],
    ['built in', image.buildMs === undefined ? 'never built' : duration(image.buildMs)],
    [
      'sizes',
      sizes === undefined
        ? '-'
        : `${megabytes(sizes.anonymousBytes)} anonymous, ${megabytes(sizes.fileBytes)} of files, ${sizes.vmas} mappings`,
    ],
    ['imports', `${duration(image.importMs)} in a fresh process`],
  ]
  const imports = table(
    ['MODULE', 'PACKAGE', 'TIME>'],
    image.imports.map(({ module, distribution, ms }) => [module, distribution, duration(ms)]),
  )
  const residencies = table(
    ['INVOKER', 'NAMESPACE', 'STATE', 'SINCE', 'RESTORES>', 'LAST USED', 'WHY'],
    image.residencies.map((one) => [
      one.invoker,
      one.namespace ?? '(all)',
      one.state,
      ago(one.since, now),
      String(one.restores),
      one.lastUsed === undefined ? 'never' : ago(one.lastUsed, now),
      one.reason ?? '',
    ]),
  )
  return [
    aligned(facts),
    ...(image.imports.length > 0 ? [imports] : []),
    ...(image.residencies.length > 0 ? [residencies] : []),
  ].join('\n\n')
}

/** The table of `image advise`, and the room there is. */
export function viewAdvice({ images, budgetBytes, residentBytes }: ImageAdvice): string {
  const room = `Images take ${megabytes(residentBytes)} of ${megabytes(budgetBytes)}.`
  if (images.length === 0) return `Nothing to build: no action imported anything of its runtime build yet. ${room}`
  const rows = images.map((image: AdvisedImage) => [
    image.image === undefined ? '-' : shortId(image.image),
    verdicts[image.verdict],
    image.state ?? 'new',
    image.kind,
    String(image.actions),
    `${image.savedSecondsPerDay.toFixed(1)} s`,
    megabytes(image.bytes),
    mainOf(image),
  ])
  return `${table(['ID', 'ADVICE', 'STATE', 'KIND', 'ACTIONS>', 'SAVED A DAY>', 'MEMORY>', 'PACKAGES'], rows)}\n\n${room}`
}

/** One line about an image that was built or removed. */
export function viewLine(image: ImageSummary): string {
  const memory = image.residentBytes === undefined ? '' : `, ${megabytes(image.residentBytes)}`
  return `${shortId(image.id)} (${image.kind}, ${image.engine}${memory}): ${mainOf(image)}`
}

/** The packages that it is for, and how many these require. */
function mainOf({ packages, imported }: Pick<ImageSummary, 'packages' | 'imported'>): string {
  const unshown = packages.length - imported.length
  return someOf(imported, { width: packagesWidth, unshown }) || baseName
}

function stateOf({ state, isPinned }: ImageSummary): string {
  return `${state ?? 'not here'}${isPinned ? ', pinned' : ''}`
}
