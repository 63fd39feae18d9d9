resource "docker_image" "app" {
  name = "app"
  build {
    context = "${path.module}/../app"
    build_args = {
      NPM_TOKEN : var.npm_token
    }
  }
}
