import './fastify-app.js'
