using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace LiveCommerce.Hosting;

/// <summary>An OpenAPI 3.1 document per service at <c>/openapi/&lt;service&gt;.json</c>, and a page to browse them at <c>/reference</c>.</summary>
internal static class ApiReference
{
    private const string Scheme = "bearer";

    public static void AddApiReference(this IServiceCollection services, IEnumerable<IServiceModule> modules)
    {
        foreach (var module in modules)
        {
            services.AddOpenApi(module.Name, o =>
            {
                o.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                // Every slice has a Request; the slice's name tells them apart.
                o.CreateSchemaReferenceId = info => OpenApiOptions.CreateDefaultSchemaReferenceId(info) is { } id
                    ? info.Type.DeclaringType is { } slice ? $"{slice.Name}{id}" : id
                    : null;
                o.AddDocumentTransformer((document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = $"LiveCommerce {module.GetType().Name.Replace("Module", "")}",
                        Version = "v1",
                        Description = module.Summary,
                        License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
                        Contact = new OpenApiContact { Name = "LiveCommerce contributors" },
                    };
                    document.Servers = [new OpenApiServer { Url = "/" }];
                    document.Components ??= new OpenApiComponents();
                    document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                    document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        BearerFormat = "JWT",
                        Description = "From POST /organization/tokens.",
                    };
                    return Task.CompletedTask;
                });
                o.AddOperationTransformer(Describe);
            });
        }
    }

    public static void UseApiReference(this WebApplication app, IEnumerable<IServiceModule> modules)
    {
        app.MapOpenApi("/openapi/{documentName}.json").ExcludeFromDescription();
        app.UseSwaggerUI(o =>
        {
            o.RoutePrefix = "reference";
            o.DocumentTitle = "LiveCommerce API reference";
            foreach (var module in modules) o.SwaggerEndpoint($"/openapi/{module.Name}.json", module.Name);
        });
        app.MapGet("/", () => Results.Redirect("/reference/")).ExcludeFromDescription();
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var rejections = metadata.OfType<RejectsMetadata>().SelectMany(r => r.Kinds).ToList();
        if (metadata.OfType<IAuthorizeData>().Any() || metadata.OfType<AllowMetadata>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            rejections.AddRange([CommonRejections.Unauthenticated, CommonRejections.Suspended, CommonRejections.UnitInactive, CommonRejections.Forbidden]);
        }
        if (metadata.OfType<AllowMetadata>().FirstOrDefault() is { } allow)
            operation.Description = $"{operation.Description} Roles: {string.Join(", ", AccessTable.Roles[allow.Permission])}.".TrimStart();
        operation.Parameters ??= [];
        if (operation.RequestBody is not null) rejections.AddRange([CommonRejections.Malformed, CommonRejections.Invalid, CommonRejections.TooLarge, CommonRejections.UnsupportedMediaType]);
        if (metadata.OfType<PagedMetadata>().Any())
        {
            rejections.Add(CommonRejections.Invalid);
            operation.Parameters.Add(Parameter("after", ParameterLocation.Query, JsonSchemaType.String, "The next of the page before."));
            operation.Parameters.Add(Parameter("limit", ParameterLocation.Query, JsonSchemaType.Integer, $"Items a page, 1 to {PageRequest.MostItems}; 50 unless told."));
        }
        if (metadata.OfType<IfMatchMetadata>().Any())
        {
            rejections.AddRange([CommonRejections.PreconditionFailed, CommonRejections.PreconditionRequired]);
            operation.Parameters.Add(Parameter("If-Match", ParameterLocation.Header, JsonSchemaType.String, "The ETag of the version you read.", required: true));
        }
        // Whoever changes something needs its caller, for the audit trail and for keys.
        var records = context.Description.HttpMethod is not "GET" && metadata.OfType<MethodInfo>().Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(Caller)));
        if (records) rejections.AddRange([CommonRejections.LostRace, CommonRejections.Overloaded, CommonRejections.OutcomeUnknown]);
        if (records && context.Description.HttpMethod == "POST")
        {
            rejections.AddRange([CommonRejections.KeyReused, CommonRejections.Invalid]);
            operation.Parameters.Add(Parameter("Idempotency-Key", ParameterLocation.Header, JsonSchemaType.String, "Makes a repeat of this request give the first answer."));
        }
        if (metadata.OfType<ExampleMetadata>().FirstOrDefault() is { } example && operation.RequestBody?.Content is { } content)
        {
            var options = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            foreach (var media in content.Values) media.Example = JsonSerializer.SerializeToNode(example.Request, example.Request.GetType(), options);
        }
        operation.Responses ??= [];
        foreach (var byStatus in rejections.Distinct().GroupBy(r => r.Status).OrderBy(g => g.Key))
            operation.Responses[byStatus.Key.ToString()] = Problem([.. byStatus]);
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation where, JsonSchemaType type, string text, bool required = false) => new()
    {
        Name = name,
        In = where,
        Description = text,
        Required = required,
        Schema = new OpenApiSchema { Type = type },
    };

    private static OpenApiResponse Problem(IReadOnlyList<RejectionKind> kinds) => new()
    {
        Description = string.Join(" ", kinds.Select(k => $"`{k.Code}`: {k.Title}")),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["instance"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. kinds.Select(k => (JsonNode)k.Code)] },
                        ["faults"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            Items = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Properties = new Dictionary<string, IOpenApiSchema>
                                {
                                    ["pointer"] = new OpenApiSchema { Type = JsonSchemaType.String },
                                    ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
                                    ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                                },
                            },
                        },
                    },
                },
            },
        },
    };
}
