# system("docker build --build-arg NPM_TOKEN=$old .");
system("docker build --build-arg NPM_TOKEN=$token .");
