import { expect } from 'chai'
import fc from 'fast-check'
import { scanImports } from '../../invoker/images/want/scan.ts'
import { scanNode } from '../../invoker/images/want/scan-node.ts'
import { scanPython } from '../../invoker/images/want/scan-python.ts'

const { array, constantFrom, property } = fc
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((word) => word !== 'import' && word !== 'as')
const dotted = array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
/** Lines that name no module, whatever they look like. */
const pythonNoise = constantFrom(
  ...[
    'x = "import no"',
    '# import no',
    '"""\nimport no\n"""',
    "s = 'it\\'s'",
    'def f(a): return a',
    '',
    "d = {'a': [1]}",
  ],
)
const nodeNoise = constantFrom(
  ...[
    'const x = "require(\'no\')"',
    '// require("no")',
    '/* import "no" */',
    'function f(a) { return a }',
    '',
    "g('it\\'s')",
  ],
)
const pieces = constantFrom(
  ...[
    'import ',
    'from ',
    ' import ',
    '(',
    ')',
    '"',
    "'",
    '"""',
    '`',
    '\\',
    '\n',
    '#',
    '//',
    '/*',
    '*/',
    'require(',
    'a',
    ',',
    '.',
    ' as ',
  ],
)

describe('scanning code, whatever it is', () => {
  it('finds every import of Python between other lines, in order', () => {
    fc.assert(
      property(array(fc.tuple(pythonNoise, dotted)), (lines) => {
        const source = lines.map(([noise, module]) => `${noise}\nimport ${module}`).join('\n')
        expect(scanPython(source)).to.deep.equal([...new Set(lines.map(([, module]) => module))])
      }),
    )
  })

  it('finds every package of Node.js between other lines, in order', () => {
    const form = constantFrom(
      (module: string) => `require('${module}')`,
      (module: string) => `import "${module}"`,
      (module: string) => `import { a as b } from '${module}'`,
      (module: string) => `await import(\`${module}/part\`)`,
      (module: string) => `export * from "${module}"`,
    )
    fc.assert(
      property(array(fc.tuple(nodeNoise, name, form)), (lines) => {
        const source = lines.map(([noise, module, write]) => `${noise}\n${write(module)}`).join('\n')
        expect(scanNode(source)).to.deep.equal([...new Set(lines.map(([, module]) => module))])
      }),
    )
  })

  it('never fails, and names only what a module could be called', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      array(pieces).map((all) => all.join('')),
    )
    fc.assert(
      property(text, fc.boolean(), constantFrom('python', 'nodejs'), (code, binary, family) => {
        for (const module of scanImports({ code, binary }, family).modules)
          expect(module).to.match(/^[@\p{L}\p{N}_~.\p{M}·/-]+$/u)
      }),
    )
  })

  it('never fails on what looks like an archive', () => {
    fc.assert(
      property(fc.uint8Array({ maxLength: 200 }), constantFrom('python', 'nodejs'), (bytes, family) => {
        const code = Buffer.concat([Buffer.from('PK'), bytes, Buffer.from('PK\x05\x06'), bytes]).toString('base64')
        expect(scanImports({ code, binary: true }, family).modules).to.be.an('array')
      }),
    )
  })
})
