FROM alpine
RUN --mount=type=secret,id=API_TOKEN,required=true \
    API_TOKEN="$(cat /run/secrets/API_TOKEN)" \
    && curl -u "ci:$API_TOKEN" https://example.com/f
