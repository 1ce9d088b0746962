const root = document.getElementById("swagger-ui");
window.SwaggerUIBundle({
  url: root.dataset.schema,
  domNode: root,
  deepLinking: true,
  persistAuthorization: true,
  displayOperationId: true,
  filter: true,
});
