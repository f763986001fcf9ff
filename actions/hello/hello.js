/** Greets whoever is named. */
// biome-ignore lint/correctness/noUnusedVariables: OpenWhisk calls it by name
function main({ name = 'stranger' }) {
  console.log(`Greeting ${name}`)
  return { greeting: `Hello, ${name}!` }
}
