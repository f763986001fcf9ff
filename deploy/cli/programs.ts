import type { Programs } from './commands.ts'

/** The programs behind the commands; each file is loaded when its command runs. */
export const programs: Programs = {
  standalone: async (config, around) => (await import('./start-standalone.ts')).runStandalone(config, around),
  invoker: async (config, around) => (await import('./start-invoker.ts')).runInvoker(config, around),
  user: async (words, config, around) => (await import('./user.ts')).runUser(words, config, around),
  kafka: async (given, around) => (await import('./kafka.ts')).runKafka(given, around),
  doctor: async (given, around) => (await import('./doctor/doctor.ts')).runDoctor(given, around),
  image: async (given, config, around) => (await import('./image/image.ts')).runImage(given, config, around),
  setup: async (given, around) => (await import('./setup.ts')).runSetup(given, around),
}
