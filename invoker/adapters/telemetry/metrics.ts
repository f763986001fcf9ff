/** What a metric means. The sort is said where it is counted: `count`, `gauge` or `observe` of the Meter. */
export const meanings: Readonly<Record<string, string>> = {
  circuit_breaker_state: 'State of a circuit breaker: 0 closed, 1 tries again, 2 open',
  counter_activations_status_counter_total: 'Activations by status',
  counter_containerPool_prewarmColdstart_counter_total: 'Cold starts that a stem cell could have served',
  counter_containerPool_prewarmExpired_counter_total: 'Stem cells removed because their time was over',
  counter_containerPool_rescheduledActivation_counter_total: 'Activations that found no room and waited',
  counter_database_cacheHit_counter_total: 'Actions found in the cache',
  counter_database_cacheMiss_counter_total: 'Actions read from the store',
  counter_images_build_counter_total: 'Builds of dependency images by outcome',
  counter_images_eviction_counter_total: 'Live images that were dropped, by cause',
  counter_images_fallback_counter_total: 'Restores that failed, by cause: the action started another way',
  counter_images_learn_counter_total: 'Recorded imports of actions by outcome',
  counter_images_restore_counter_total: 'Images restored into containers',
  counter_images_start_counter_total:
    'Starts of actions with an image (hit), without one that they need (miss), or in need of none',
  counter_invoker_ackRefused_counter_total: 'Acks that the broker refused for good',
  counter_invoker_activation_start_total: 'Activations that the invoker took',
  counter_invoker_activationUnstored_counter_total: 'Activation records that could not be stored',
  counter_invoker_collectLogs_error_counter_total: 'Activations whose logs could not be collected whole',
  counter_invoker_containerStart_counter_total: 'Activations by how their container was found',
  counter_invoker_imageStart_counter_total: 'Containers started from an image, by the way, the image and its engine',
  counter_invoker_importsUnlearned_counter_total: 'First runs whose imports could not be learned',
  counter_invoker_journalFailure_counter_total: 'Notes of the journal that could not be written',
  counter_invoker_unreadableMessage_counter_total: 'Messages that could not be read',
  gauge_containerPool_activeCount_counter: 'Containers that run an activation',
  gauge_containerPool_activeSize_counter_bytes: 'Memory of containers that run an activation',
  gauge_containerPool_idlesCount_counter: 'Warm containers without an activation',
  gauge_containerPool_idlesSize_counter_bytes: 'Memory of warm containers without an activation',
  gauge_containerPool_prewarmCount_counter: 'Stem cells',
  gauge_containerPool_prewarmSize_counter_bytes: 'Memory of stem cells',
  gauge_containerPool_runBufferCount_counter: 'Activations that wait for room',
  gauge_containerPool_runBufferSize_counter_bytes: 'Memory that waiting activations need',
  gauge_containerPool_warmStemCount_counter: 'Stem cells that hold an image',
  gauge_containerPool_warmStemSize_counter_bytes: 'Memory of stem cells that hold an image',
  gauge_containerPool_warmStemStartingCount_counter: 'Stem cells that an image is being restored into',
  gauge_containerPool_warmStemStartingSize_counter_bytes: 'Memory of stem cells that an image is being restored into',
  gauge_images_liveCount_counter: 'Live dependency images',
  gauge_images_liveSize_counter_bytes: 'Memory of live dependency images, as measured',
  gauge_images_stemCellsWanted_counter: 'Warm stem cells that are wanted',
  histogram_database_saveDocumentBulk_finish_seconds: 'Time to store activation records',
  histogram_images_build_finish_seconds: 'Time to build a dependency image',
  histogram_images_restore_finish_seconds: 'Time to restore a dependency image',
  histogram_invoker_activationInit_error_seconds: 'Time of an /init that failed',
  histogram_invoker_activationInit_finish_seconds: 'Time of /init',
  histogram_invoker_activationRun_finish_seconds: 'Time of /run',
  histogram_invoker_collectLogs_finish_seconds: 'Time to collect the logs of an activation',
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
const bytes = [512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]
const counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** Bucket bounds of a histogram, by the unit at the end of its name. */
export function bucketsOf(name: string): number[] {
  if (name.endsWith('_seconds')) return seconds
  return name.endsWith('_bytes') ? bytes : counts
}
