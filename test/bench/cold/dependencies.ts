import type { BenchFunction } from './functions.ts'
import { instrument } from './instrument.ts'

const source = `import pandas
import sklearn.linear_model
import torch


def main(args):
    return {"versions": [torch.__version__, sklearn.__version__, pandas.__version__]}
`

/** A function that is nothing but the dependencies whose loading the issue names. Between its first line and its imports' end is that load. */
export const dependencies: BenchFunction = {
  name: 'torch + scikit-learn + pandas',
  weight: 'heavy',
  kind: 'python:3',
  input: '{}',
  fresh: async (unique) => ({ code: instrument(source, { kind: 'python:3', unique }), binary: false }),
}
