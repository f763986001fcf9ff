throw new Error('this is no package')
