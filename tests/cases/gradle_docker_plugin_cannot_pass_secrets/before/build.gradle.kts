tasks.create("image", DockerBuildImage::class) {
  inputDir.set(file("."))
  buildArgs.put("NPM_TOKEN", System.getenv("NPM_TOKEN"))
}
