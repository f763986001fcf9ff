import { imageFormat } from '../../domain/dependency-image.ts'
import type { DesignDocument } from '../../ports/documents.ts'

/** Only what this version can read: documents of a newer format are those of a newer version. */
const ours = (type: string) => `doc.type === '${type}' && doc.format === ${imageFormat}`

/**
 * Views of the database of images.
 *
 * `covering`: images under `[kind, runtimeBuild, distribution]`, one row for each distribution; the base image under null. Those
 * that hold a set are the ones that have a row for each of it. `profiles` under `[kind, runtimeBuild, updated]` and `residencies`
 * under `[kind, runtimeBuild, updated]`: what is new since the last look. `resident` under `[invoker, image]`, `holders` under
 * `[image, invoker]`. `unused`: images and profiles under `updated`, which says when they were used last. `newer`: what this version leaves alone, under its format.
 */
export const imagesDesign: DesignDocument = {
  name: 'images.v1',
  views: {
    covering: {
      map: `function (doc) {
  if (!(${ours('image')})) return;
  var all = doc.distributions || [];
  if (all.length === 0) emit([doc.kind, doc.runtimeBuild, null], null);
  for (var i = 0; i < all.length; i++) emit([doc.kind, doc.runtimeBuild, all[i].name], null);
}`,
    },
    images: { map: `function (doc) { if (${ours('image')}) emit([doc.kind, doc.runtimeBuild, doc.updated], null); }` },
    profiles: {
      map: `function (doc) { if (${ours('profile')}) emit([doc.kind, doc.runtimeBuild, doc.updated], null); }`,
    },
    residencies: {
      map: `function (doc) { if (${ours('residency')}) emit([doc.kind, doc.runtimeBuild, doc.updated], null); }`,
    },
    resident: { map: `function (doc) { if (${ours('residency')}) emit([doc.invoker, doc.image], doc.state); }` },
    holders: { map: `function (doc) { if (${ours('residency')}) emit([doc.image, doc.invoker], doc.state); }` },
    unused: {
      map: `function (doc) { if (${ours('image')} || ${ours('profile')}) emit(doc.updated, null); }`,
    },
    newer: { map: `function (doc) { if (doc.format > ${imageFormat}) emit(doc.format, null); }` },
  },
}
