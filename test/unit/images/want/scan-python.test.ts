import { expect } from 'chai'
import { scanPython } from '../../../../invoker/images/want/scan-python.ts'

describe('scanPython()', () => {
  it('finds every form of import, in order', () => {
    const source = `import os, sys as s
import numpy as np, sklearn.linear_model as lm; import torch
from a.b import (c, # one
  d as e,
  f,
)
from x.y import \\
   z
from q import *
from v import\tw`
    expect(scanPython(source)).to.deep.equal([
      ...['os', 'sys', 'numpy', 'sklearn.linear_model', 'torch', 'a.b', 'a.b.c', 'a.b.d', 'a.b.f', 'x.y', 'x.y.z', 'q'],
      ...['v', 'v.w'],
    ])
  })

  it('finds imports wherever they stand', () => {
    const source = `
try: import cv2
except ImportError: cv2 = None
def main(args):
    from PIL import Image
    if args: import pandas
\tclass A:
\t\timport yaml`
    expect(scanPython(source)).to.deep.equal(['cv2', 'PIL', 'PIL.Image', 'pandas', 'yaml'])
  })

  it('reads lines that end as on Windows', () => {
    expect(scanPython('import a\r\nfrom b import \\\r\n  c\r\nimport d')).to.deep.equal(['a', 'b', 'b.c', 'd'])
  })

  it('leaves out relative imports', () => {
    expect(scanPython('from . import x\nfrom .y import z\nfrom ... import w\nfrom.v import u')).to.deep.equal([])
  })

  it('sees no imports in strings and comments', () => {
    const source = `
# import a
text = "import b" ; other = 'it\\'s'  # import c
doc = """
import d
\\"""
import e
""" ; import real
raw = r'\\'; import f'
f"{x['import g']}"
open_ended = 'import h
import also_real
'''
import i`
    expect(scanPython(source)).to.deep.equal(['real', 'also_real'])
  })

  it('takes other uses of the words for what they are', () => {
    const source = 'important = 1\nraise E from e\nx = (yield\n from y)\nfromage = import_ = 2\nimport 9a, -b, c..d'
    expect(scanPython(source)).to.deep.equal([])
  })

  it('names each module once', () => {
    expect(scanPython('import a\nimport a.b\nimport a\nfrom a import b')).to.deep.equal(['a', 'a.b'])
  })

  it('reads names in any script', () => {
    expect(scanPython('import größe, _x1')).to.deep.equal(['größe', '_x1'])
  })
})
