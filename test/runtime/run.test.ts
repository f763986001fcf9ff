import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

const languages = [
  {
    kind: 'python:3',
    echo: 'def main(args):\n    return args',
    environment:
      'import os\ndef main(args):\n    return {k: v for k, v in os.environ.items() if k.startswith("__OW_")}',
    text: 'def main(args):\n    return "not a dictionary"',
    notDictionary: 'The action did not return a dictionary or array.',
    nothing: 'def main(args):\n    return None',
    list: 'def main(args):\n    return [1, {"a": 2}]',
    cyclic: 'def main(args):\n    a = {}\n    a["a"] = a\n    return a',
    cyclicError: 'The action did not return a dictionary or array.',
    cyclicLog: 'Circular reference',
    applicationError: 'def main(args):\n    return {"error": "sorry"}',
    throwing: 'def main(args):\n    raise ValueError("boom")',
    thrown: [200, 'boom'],
    goesOn: true,
    trace: ['Traceback (most recent call last)', '__main__.py", line 2, in main', 'ValueError: boom'],
    spaced: '{"a": [1, 2], "snow": "☃"}\n',
    surrogate: 'def main(args):\n    return {"half": "\\ud83d"}',
  },
  {
    kind: 'nodejs:20',
    echo: 'function main(args) { return args }',
    environment:
      'function main() { return Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith("__OW_"))) }',
    text: 'function main() { return "not a dictionary" }',
    notDictionary: 'The action did not return a dictionary.',
    nothing: 'function main() { return null }',
    list: 'function main() { return [1, { a: 2 }] }',
    cyclic: 'function main() { const a = {}; a.a = a; return a }',
    cyclicError: 'An error has occurred: TypeError: Converting circular structure to JSON',
    cyclicLog: 'circular structure',
    applicationError: 'function main() { return { error: "sorry" } }',
    throwing: '\nfunction main() { throw new RangeError("boom") }',
    thrown: [502, 'An error has occurred: RangeError: boom'],
    goesOn: false,
    trace: ['RangeError: boom', 'at main', 'index.js:2:'],
    spaced: '{"a":[1,2],"snow":"☃"}',
    surrogate: 'function main() { return { half: "\\ud83d" } }',
  },
] as const

for (const { kind, ...words } of languages) {
  describe(`the ${kind} runtime at /run`, () => {
    let runtime: RuntimeUnderTest
    beforeEach(async () => {
      runtime = await runtimeUnderTest(kind)
    })
    afterEach(() => runtime.stop())

    it('C16: sets the environment at each run', async () => {
      await runtime.init(words.environment, { env: { __OW_API_KEY: 'of init', __OW_DEADLINE: '1' } })
      const first = await runtime.run({}, { namespace: 'guest', deadline: '2', activation_id: 'a', number: 3 })
      expect(JSON.parse(first.body)).to.deep.include({
        __OW_API_KEY: 'of init',
        __OW_NAMESPACE: 'guest',
        __OW_DEADLINE: '2',
        __OW_ACTIVATION_ID: 'a',
      })
      expect(JSON.parse(first.body)).not.to.have.any.keys('__OW_NUMBER', '__OW_VALUE')
      expect(JSON.parse((await runtime.run({}, { activation_id: 'b' })).body)).to.include({ __OW_ACTIVATION_ID: 'b' })
    })

    it('C17: passes objects and arrays as they are, and an empty object where there is nothing', async () => {
      await runtime.init(words.echo)
      for (const value of [{ winter: '☃ 𝒳' }, [1, [2]], {}, { big: 'x'.repeat(1_048_561) }]) {
        expect(JSON.parse((await runtime.run(value)).body)).to.deep.equal(value)
      }
      expect(JSON.parse((await runtime.post('/run', {})).body)).to.deep.equal({})
    })

    it('C17: does not change a number', async () => {
      await runtime.init(words.echo)
      const numbers = { tenth: 0.1, tiny: 1e-7, huge: 1.5e300, safe: 9007199254740991, minus: -0.5, integral: 3 }
      expect(JSON.parse((await runtime.run(numbers)).body)).to.deep.equal(numbers)
    })

    it('C18: answers arrays and null as they are', async () => {
      expect(await runtime.once(words.list)).to.deep.equal([1, { a: 2 }])
      await runtime.stop()
      runtime = await runtimeUnderTest(kind)
      expect(await runtime.once(words.nothing)).to.equal(null)
    })

    it('C18: refuses a result that is neither object nor array', async () => {
      await runtime.init(words.text)
      const answer = await runtime.run()
      expect(answer.status).to.equal(502)
      expect(JSON.parse(answer.body)).to.deep.equal({ error: words.notDictionary })
      await runtime.sentinels(1)
    })

    it('C19: refuses a result that JSON cannot say, and prints why', async () => {
      await runtime.init(words.cyclic)
      const answer = await runtime.run()
      expect(answer.status).to.equal(502)
      expect(JSON.parse(answer.body).error).to.contain(words.cyclicError)
      await runtime.sentinels(1)
      expect(runtime.printed.stderr).to.contain(words.cyclicLog)
    })

    it('C19: answers half a surrogate pair as an escape', async () => {
      await runtime.init(words.surrogate)
      const answer = await runtime.run()
      expect(answer.status).to.equal(200)
      expect(answer.body).to.contain('\\ud83d')
    })

    it('C21: passes the error of an action on', async () => {
      await runtime.init(words.applicationError)
      const answer = await runtime.run()
      expect(answer.status).to.equal(200)
      expect(JSON.parse(answer.body)).to.deep.equal({ error: 'sorry' })
    })

    it('C21: turns what is thrown into an error, and prints where', async () => {
      await runtime.init(words.throwing)
      const answer = await runtime.run()
      expect([answer.status, JSON.parse(answer.body).error]).to.deep.equal([...words.thrown])
      await runtime.sentinels(1)
      for (const part of words.trace) expect(runtime.printed.stderr).to.contain(part)
      expect(runtime.printed.stderr, 'frames of the runtime').not.to.contain('warmwhisk_runtime')
      expect((await runtime.run()).status).to.equal(words.goesOn ? 200 : 403)
    })

    it('C22: answers in the bytes of the original', async () => {
      await runtime.init(words.echo)
      expect((await runtime.run({ a: [1, 2], snow: '☃' })).body).to.equal(words.spaced)
    })
  })
}

describe('the nodejs:20 runtime and its results', () => {
  const wait = 'new Promise((resolve, reject) => setTimeout(() =>'
  const cases: readonly (readonly [string, string, number, unknown])[] = [
    ['C18: undefined becomes {}', 'return', 200, {}],
    ['C18: NaN becomes null', 'return { a: NaN }', 200, { a: null }],
    ['C18: a number is refused', 'return 7', 502, { error: 'The action did not return a dictionary.' }],
    ['C20: a promise is awaited', `return ${wait} resolve({ done: true }), 20))`, 200, { done: true }],
    ['C20: a thenable is awaited', 'return { then: (done) => done({ done: true }) }', 200, { done: true }],
    ['C21: a rejection is an error', `return ${wait} reject({ no: 1 }), 20))`, 200, { error: { no: 1 } }],
    ['C21: an empty rejection is an empty error', 'return Promise.reject()', 200, { error: {} }],
    ['C21: a rejection with a text', 'return Promise.reject("no")', 200, { error: 'no' }],
    ['C21: a thrown text', 'throw "nooo"', 502, { error: 'An error has occurred: nooo' }],
  ]
  for (const [name, body, status, result] of cases) {
    it(name, async () => {
      const runtime = await runtimeUnderTest('nodejs:20')
      try {
        await runtime.init(`function main(args) { ${body} }`)
        const answer = await runtime.run()
        expect(answer.status).to.equal(status)
        expect(JSON.parse(answer.body)).to.deep.equal(result)
        await runtime.sentinels(1)
      } finally {
        await runtime.stop()
      }
    })
  }

  it('C21: a rejection with an Error carries its name, message, stack and own fields', async () => {
    const runtime = await runtimeUnderTest('nodejs:20')
    try {
      const code = 'const e = new TypeError("bad"); e.code = "E1"; e.self = e; e.f = () => 1; throw e'
      await runtime.init(`async function main(args) { ${code} }`)
      const { error } = JSON.parse((await runtime.run()).body)
      expect(error).to.include({ name: 'TypeError', message: 'bad', code: 'E1', self: '[Circular]' })
      expect(error.stack).to.contain('at main')
      expect(error).not.to.have.property('f')
    } finally {
      await runtime.stop()
    }
  })

  const meeting = `const waiting = []
    function main() {
      console.log('begun')
      return new Promise((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 2) for (const each of waiting) each({ together: true })
      })
    }`

  it('C23: refuses an overlapping run', async () => {
    const runtime = await runtimeUnderTest('nodejs:20')
    try {
      await runtime.init(meeting)
      const first = runtime.run().catch(() => 'broken')
      await eventually('the first run', () => runtime.printed.stdout.includes('begun'))
      const second = await runtime.postApart('/run', { value: {} })
      expect(second.status).to.equal(403)
      expect(JSON.parse(second.body)).to.deep.equal({ error: 'System not ready, status is running.' })
      await runtime.stop()
      expect(await first).to.equal('broken')
    } finally {
      await runtime.stop()
    }
  })

  it('C23: overlaps runs where that is allowed, each with its sentinels', async () => {
    const runtime = await runtimeUnderTest('nodejs:20', { __OW_ALLOW_CONCURRENT: 'true' })
    try {
      await runtime.init(meeting)
      const answers = await Promise.all([runtime.run(), runtime.postApart('/run', { value: {} })])
      expect(answers.map(({ body }) => JSON.parse(body))).to.deep.equal([{ together: true }, { together: true }])
      await runtime.sentinels(2)
    } finally {
      await runtime.stop()
    }
  })
})

describe('the python:3 runtime and its results', () => {
  const cases: readonly (readonly [string, string, number, unknown])[] = [
    [
      'C17: an integer of any length is faithful',
      'return {"n": args["n"] * 10**30 + 1}',
      200,
      '{"n": 2000000000000000000000000000001}\n',
    ],
    ['C18: a tuple is an array', 'return (1, 2)', 200, '[1, 2]\n'],
    ['C19: NaN is refused', 'return {"a": float("nan")}', 502, undefined],
    ['C19: a set is refused', 'return {"a": {1}}', 502, undefined],
    ['C21: an error without a text', 'raise KeyError("k")', 200, '{"error": "\'k\'"}\n'],
  ]
  for (const [name, body, status, text] of cases) {
    it(name, async () => {
      const runtime = await runtimeUnderTest('python:3')
      try {
        await runtime.init(`def main(args):\n    ${body}`)
        const answer = await runtime.run({ n: 2 })
        expect(answer.status).to.equal(status)
        expect(answer.body).to.equal(text ?? '{"error": "The action did not return a dictionary or array."}\n')
        await runtime.sentinels(1)
      } finally {
        await runtime.stop()
      }
    })
  }
})
