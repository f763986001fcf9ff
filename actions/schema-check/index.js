const Ajv = require('ajv')
const addFormats = require('ajv-formats')

/** Checks a document against a JSON schema (draft 7), and says what is wrong where. */
function main({ schema, document }) {
  if (schema === undefined || document === undefined) return { error: 'schema and document are needed' }
  const ajv = new Ajv({ allErrors: true })
  addFormats(ajv)
  let validate
  try {
    validate = ajv.compile(schema)
  } catch (error) {
    return { error: `schema is not valid: ${error.message}` }
  }
  const valid = validate(document)
  return {
    valid,
    problems: (validate.errors ?? []).map(({ instancePath, message }) => ({ at: instancePath, message })),
  }
}

exports.main = main
