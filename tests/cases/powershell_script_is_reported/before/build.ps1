$ErrorActionPreference = "Stop"
docker build `
    --build-arg "NPM_TOKEN=$env:NPM_TOKEN" `
    -t web .
docker build --build-arg NPM_TOKEN=$token -t web .
