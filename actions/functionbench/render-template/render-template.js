const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
// A section with what is in it, or a single place.
const tags = /\{\{([#^])\s*([\w.]+)\s*\}\}([\s\S]*?)\{\{\/\s*\2\s*\}\}|\{\{(&?)\s*([\w.]+)\s*\}\}/g

/** Fills a template in the manner of Mustache: {{name}}, {{& raw}}, {{#list}}…{{/list}}, {{^none}}…{{/none}}. */
// biome-ignore lint/correctness/noUnusedVariables: OpenWhisk calls it by name
function main({ template, data = {} }) {
  if (typeof template !== 'string') return { error: 'template must be a string' }
  return { text: render(template, [data]) }
}

/** The scopes are searched from the innermost out. A section cannot hold another one of its own name. */
function render(template, scopes) {
  return template.replace(tags, (_all, mark, name, inner, raw, single) => {
    if (mark) return renderSection(mark, inner, { value: find(name, scopes), scopes })
    const text = String(find(single, scopes) ?? '')
    return raw ? text : text.replace(/[&<>"']/g, (character) => entities[character])
  })
}

function renderSection(mark, inner, { value, scopes }) {
  const items = Array.isArray(value) ? value : value ? [value] : []
  if (mark === '^') return items.length === 0 ? render(inner, scopes) : ''
  return items.map((item) => render(inner, [item, ...scopes])).join('')
}

function find(name, scopes) {
  if (name === '.') return scopes[0]
  const [first, ...rest] = name.split('.')
  const scope = scopes.find((one) => one !== null && typeof one === 'object' && Object.hasOwn(one, first))
  return rest.reduce((value, key) => value?.[key], scope?.[first])
}
