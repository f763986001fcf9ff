// Its packages come from the runtime build (actions/functionbench/node-layer), not from an archive.
const babel = require('@babel/core')
const presetEnv = require('@babel/preset-env')
const Ajv = require('ajv')
const cheerio = require('cheerio')
const typescript = require('typescript')

const isRequest = new Ajv().compile({
  type: 'object',
  properties: {
    html: { type: 'string' },
    browsers: { type: 'string', default: 'ie 11' },
  },
  required: ['html'],
})

// No configuration is looked for on the disk.
const alone = { configFile: false, babelrc: false, browserslistConfigFile: false }

/** Turns the TypeScript in a page into JavaScript that the given browsers understand. */
function main(request) {
  if (!isRequest(request)) return { error: isRequest.errors.map(inWords).join('; ') }
  const page = cheerio.load(request.html)
  const scripts = page('script[lang=ts]')
  try {
    scripts.each((_index, script) => {
      page(script)
        .removeAttr('lang')
        .text(transpile(page(script).text(), request.browsers ?? 'ie 11'))
    })
  } catch (error) {
    return { error: `script cannot be read: ${error.message}` }
  }
  return { scripts: scripts.length, title: page('title').text(), html: page.html() }
}

function transpile(source, browsers) {
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: { target: typescript.ScriptTarget.ESNext, module: typescript.ModuleKind.None },
  })
  const options = { presets: [[presetEnv, { targets: browsers, modules: false }]], sourceType: 'script' }
  return babel.transformSync(outputText, { ...options, ...alone, compact: true }).code
}

function inWords({ instancePath, message }) {
  return `${instancePath.slice(1) || 'the request'} ${message}`
}

exports.main = main
