/** Writes documents into the data directory that is its argument, one after the other, and prints the id of each that was taken. */
import { openPouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'

const databases = await openPouchDatabases({ directory: process.argv[2] ?? '' })
for (let n = 0; ; n += 1) {
  const revision = await databases.whisks.put({ _id: `doc/${n}`, filling: 'x'.repeat(2000) })
  await databases.whisks.attach(`doc/${n}`, revision, { name: 'a', contentType: 't/t', data: Buffer.from(`code ${n}`) })
  await databases.activations.bulk([{ _id: `record/${n}` }])
  process.stdout.write(`${n}\n`)
}
