import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import { aRestoredRuntime } from '../support/a-restored-runtime.ts'
import { aTemplate, type TemplateUnderTest } from '../support/a-template.ts'
import { type OtherNamespaces, otherNamespaces } from '../support/other-namespaces.ts'
import { runtimeUnderTest } from '../support/runtime-client.ts'

const RESTORES = 1000
const AT_ONCE = 4

/** One value of each source. */
const draw = `
import hashlib, logging, multiprocessing, os, platform, random, secrets, socket, ssl, tempfile, threading, time, uuid
import keeps_generators, numpy, torch
def main(args):
    return {
        "random": random.random(),
        "random.Random of a library": keeps_generators.own.random(),
        "secrets": secrets.token_hex(8),
        "uuid1": str(uuid.uuid1()),
        "uuid1, without libuuid": python_uuid1(),
        "uuid4": str(uuid.uuid4()),
        "numpy.random": float(numpy.random.rand()),
        "numpy.random, normal": float(numpy.random.standard_normal()),
        "numpy default_rng": float(numpy.random.default_rng().random()),
        "numpy Generator of a library": float(keeps_generators.modern.random()),
        "numpy RandomState of a library": float(keeps_generators.legacy.standard_normal()),
        "torch": torch.rand(2).tolist(),
        "tempfile": next(tempfile._get_candidate_names()),
        "ssl": ssl.RAND_bytes(16).hex(),
        "hashlib and urandom": hashlib.sha256(os.urandom(16)).hexdigest(),
        "multiprocessing key": bytes(multiprocessing.current_process().authkey).hex(),
    }

def python_uuid1():
    uuid._generate_time_safe = None
    return str(uuid.uuid1())`

describe('what restored python:3 runtimes do not share (C35)', () => {
  let template: TemplateUnderTest
  before(async () => {
    template = await aTemplate()
    const imports = ['draws_early', 'keeps_generators', 'torch', 'multiprocessing', 'logging', 'platform']
    expect(await template.ask({ do: 'build', imports })).to.have.property('built')
  })
  after(() => template.stop())

  async function once(code: string, env: Record<string, string> = {}): Promise<JsonObject> {
    const restored = await aRestoredRuntime(template, { env })
    try {
      return (await restored.once(code)) as JsonObject
    } finally {
      await restored.stop()
    }
  }

  it(`${RESTORES} restores draw ${RESTORES} values from every source`, async function () {
    this.timeout(120_000)
    const drawn: JsonObject[] = []
    const one = async (): Promise<void> => {
      while (drawn.length < RESTORES) {
        drawn.push({})
        Object.assign(drawn[drawn.length - 1] ?? {}, await once(draw))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
    for (const source of Object.keys(drawn[0] ?? {})) {
      const values = new Set(drawn.map((values) => JSON.stringify(values[source])))
      // torch keeps 32 bits of any seed, in a started process too: two of a thousand draw the same once in 8,600 runs.
      expect(values.size, source).to.be.at.least(source === 'torch' ? RESTORES - 1 : RESTORES)
    }
    // Of 16,384 there are; nothing else tells apart what is made on one host in one microsecond.
    expect(new Set(drawn.map(({ uuid1 }) => String(uuid1).split('-')[3])).size).to.be.greaterThan(900)
  })
})

describe('a restored python:3 runtime elsewhere (C34, C35)', () => {
  let template: TemplateUnderTest
  let place: OtherNamespaces | undefined
  beforeEach(async () => {
    template = await aTemplate()
    await template.ask({ do: 'build', imports: ['draws_early', 'logging'] })
  })
  afterEach(async () => {
    await place?.leave()
    await template.stop()
  })

  it('finds its own host name, processes, network, time zone and temporary folder', async () => {
    place = await otherNamespaces()
    const env = { TZ: 'Asia/Tokyo', TMPDIR: '/var/tmp' }
    const restored = await aRestoredRuntime(template, { namespaces: place.descriptors, env })
    const code = `
import logging, os, platform, socket, tempfile, time
def main(args):
    return {
        "names": [platform.node(), socket.gethostname()],
        "pid": os.getpid() < 100,
        "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
        "networks": [name for _, name in socket.if_nameindex()],
        "zone": time.tzname[0],
        "temporary": tempfile.gettempdir(),
        "loggedFor": logging.LogRecord("", 0, "", 0, "", (), None).relativeCreated < 10000,
        "alone": time.process_time() < 1,
        "clocks": time.monotonic() > args["monotonic"],
    }`
    expect(
      await restored.once(code, { monotonic: Number(process.hrtime.bigint() / 1_000_000_000n) - 1 }),
    ).to.deep.equal({
      ...{ names: ['elsewhere', 'elsewhere'], pid: true, processes: 2, networks: ['lo'], zone: 'JST' },
      ...{ temporary: '/var/tmp', loggedFor: true, alone: true, clocks: true },
    })
    await restored.stop()
  })

  it('does not start where its number is that of its template', async () => {
    place = await otherNamespaces({ nextPid: Number(template.process.pid) })
    const refused = await aRestoredRuntime(template, { namespaces: place.descriptors }).catch(String)
    expect(refused).to.contain(`number ${template.process.pid} is that of the template`)
  })
})

describe('how many threads a restored python:3 runtime computes with (C35)', () => {
  it('is what a started one has, though its template has one', async function () {
    this.timeout(60_000)
    const code = `
import numpy, torch, ctypes
def main(args):
    blas = ctypes.CDLL([line.split()[-1] for line in open("/proc/self/maps") if "libopenblas" in line][0])
    return {"blas": blas.openblas_get_num_threads(), "torch": torch.get_num_threads()}`
    const template = await aTemplate()
    const started = await runtimeUnderTest('python:3')
    try {
      await template.ask({ do: 'build', imports: ['numpy', 'torch'] })
      const restored = await aRestoredRuntime(template)
      expect(await restored.once(code)).to.deep.equal(await started.once(code))
      await restored.stop()
    } finally {
      await started.stop()
      await template.stop()
    }
  })
})
