upload(process.env.UPLOAD_TOKEN)
