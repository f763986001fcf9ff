import { aNetwork, aRuncFactory } from './factories.ts'
import { aSpec } from './tiny-runtime.ts'

// A process of its own that owns containers until it is killed: `doomed-invoker.ts INSTANCE COUNT`.
const [instance = '', count = '1'] = process.argv.slice(2)
const factory = aRuncFactory({ instance, network: aNetwork })
await factory.start()
const specs = Array.from({ length: Number(count) }, () => aSpec())
await Promise.all(specs.map((spec) => factory.create(spec, new AbortController().signal)))
process.stdout.write('ready\n')
