import { aProcessFactory, aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { containersContract } from './containers.contract.ts'

containersContract('RuncFactory', async (context) => {
  const why = whyNoRunc()
  if (why !== undefined) skip(context, why)
  const factory = aRuncFactory()
  await factory.start()
  return { factory }
})

containersContract('ProcessFactory', async () => {
  const factory = aProcessFactory()
  await factory.start()
  return { factory }
})
