FROM alpine
ARG API_TOKEN
RUN curl -u "ci:$API_TOKEN" https://example.com/f
