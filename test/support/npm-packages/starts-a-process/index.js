require('node:child_process').spawn('sleep', ['60'])
