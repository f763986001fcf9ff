require('node:net').createServer().listen(0)
